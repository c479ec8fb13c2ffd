"use strict";
// What the methods of `api` that give something back answer in the embedded tenant.

const { encoded, validated } = require("./token.js");

const NO_REDIRECT = new Set(["oauth2-resource-owner", "oauth2-refresh-token"]);

/** Method -> function. An embedded tenant has no rules, roles or groups. */
function answers(event, cache) {
  const noRoles = () => Promise.resolve({ roles: [] });
  return {
    "cache.get": (key) => cache.get(key),
    "cache.set": (key, value, options) => cache.set(key, value, options),
    "cache.delete": (key) => cache.delete(key),
    "redirect.canRedirect": () => canRedirect(event),
    "redirect.encodeToken": (options) => encoded(options, event),
    "redirect.validateToken": (options) => validated(options, event),
    "rules.wasExecuted": () => false,
    "roles.getUserEffectiveRoles": noRoles,
    "roles.getUserEffectiveRolesByIds": noRoles,
    "roles.getUserEffectiveRolesByNames": noRoles,
    "groups.getUserGroups": () => Promise.resolve({ groups: [] }),
    "groups.hasGroupMembership": () => Promise.resolve(false),
  };
}

function canRedirect({ transaction, request }) {
  return !NO_REDIRECT.has(transaction?.protocol) && request?.query?.prompt !== "none";
}

module.exports = { answers };
