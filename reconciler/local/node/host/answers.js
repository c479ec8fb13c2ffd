"use strict";
// What the methods of `api` do at once, in the action itself: what they give back, and what of the event they change.

const { encoded, validated } = require("./token.js");

// As engine/effects/ending.py has them.
const NO_REDIRECT = new Set([
  "oauth2-resource-owner",
  "oauth2-password",
  "oauth2-refresh-token",
  "oauth2-token-exchange",
]);

/** Method -> function. An embedded tenant has no rules, roles or groups. */
function answers({ event, clock }, cache) {
  const noRoles = () => Promise.resolve({ roles: [] });
  return {
    "cache.get": (key) => cache.get(key),
    "cache.set": (key, value, options) => cache.set(key, value, options),
    "cache.delete": (key) => cache.delete(key),
    "redirect.canRedirect": () => canRedirect(event),
    "redirect.encodeToken": (options) => encoded(options, event, clock),
    "redirect.validateToken": (options) => validated(options, event, clock),
    "rules.wasExecuted": () => false,
    "roles.getUserEffectiveRoles": noRoles,
    "roles.getUserEffectiveRolesByIds": noRoles,
    "roles.getUserEffectiveRolesByNames": noRoles,
    "groups.getUserGroups": () => Promise.resolve({ groups: [] }),
    "groups.hasGroupMembership": () => Promise.resolve(false),
    "transaction.setMetadata": (key, value) => setMetadata(event, key, value),
    "transaction.addTargetScope": (scope) => target(event, (scopes) => scopes.add(scope)),
    "transaction.removeTargetScope": (scope) => target(event, (scopes) => scopes.delete(scope)),
    "transaction.setTargetScopes": (scopes) => target(event, () => new Set(scopes)),
    "transaction.clearTargetScopes": () => target(event, () => new Set()),
  };
}

/** No redirect without a browser, or where the application forbids any question to the user. */
function canRedirect({ transaction, request }) {
  const silent = request?.query?.prompt === "none" || transaction?.prompt?.includes?.("none");
  return !NO_REDIRECT.has(transaction?.protocol) && !silent;
}

/** "event.transaction.metadata follows at once": null removes. */
function setMetadata(event, key, value) {
  event.transaction ??= {};
  event.transaction.metadata ??= {};
  if (value === null) delete event.transaction.metadata[key];
  else event.transaction.metadata[key] = value;
}

/** event.transaction.target_scopes "follows api.transaction calls at once". */
function target(event, change) {
  event.transaction ??= {};
  const scopes = new Set(event.transaction.target_scopes ?? event.transaction.requested_scopes ?? []);
  const changed = change(scopes);
  event.transaction.target_scopes = [...(changed instanceof Set ? changed : scopes)];
}

module.exports = { answers };
