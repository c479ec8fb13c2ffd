"use strict";
// What a call may not do beside its types: the platform's limits, counted with what earlier actions of the flow did.
// Where the documents name a limit and not what happens beyond it, the call throws: an error can be seen.

const { entrySize, total } = require("./sizes.js");
const { pairRules } = require("./pairs.js");
const { samlRules } = require("./saml.js");

const METADATA_NAME = /[.$]/;
const CONTINUE = /^onContinue/;

/** Group of methods -> what makes their rules: method -> function of its arguments that throws where the call is not
 * allowed, and else counts it. */
const GROUPS = {
  idToken: (run, soFar, limits) => claimRules("idToken.setCustomClaim", soFar.id_token, limits),
  accessToken: (run, soFar, limits) => claimRules("accessToken.setCustomClaim", soFar.access_token, limits),
  user: metadataRules,
  session: (run, soFar, limits) => pairRules("session", run.event.session, soFar.session, limits),
  refreshToken: (run, soFar, limits) => pairRules("refreshToken", run.event.refresh_token, soFar.refresh_token, limits),
  samlResponse: (run, soFar, limits) => samlRules(soFar, limits),
  authentication: authenticationRules,
  redirect: () => ({ "redirect.sendUserTo": (url) => absolute("redirect.sendUserTo", url) }),
  transaction: transactionRules,
  roles: (run, soFar, limits) => roleRules(limits),
};

/** A function of a method and its arguments that throws where the call is not allowed. The rules of a group are made at
 * its first call: most code calls methods of one or two. */
function rules(run, limits) {
  const made = { __proto__: null };
  return (method, args) => {
    const group = method.slice(0, method.indexOf("."));
    made[group] ??= GROUPS[group]?.(run, run.job.so_far ?? {}, limits) ?? {};
    made[group][method]?.(...args);
  };
}

function authenticationRules(run, soFar, limits) {
  return {
    ...exchangeRules(run, soFar, limits),
    "authentication.recordMethod": (url) => {
      if (!CONTINUE.test(run.job.handler)) {
        throw new Error("api.authentication.recordMethod is only available inside onContinuePostLogin.");
      }
      if (!/^https?:$/.test(parsed(url)?.protocol)) {
        throw new Error("api.authentication.recordMethod needs an http or https URL.");
      }
    },
    "authentication.challengeWithAny": (factors) => some("authentication.challengeWithAny", factors),
    "authentication.enrollWithAny": (factors) => some("authentication.enrollWithAny", factors),
  };
}

function roleRules({ role_page, role_ids, role_names }) {
  const all = "roles.getUserEffectiveRoles";
  return {
    [all]: (params) => atMost(all, "take", params?.take, role_page),
    [`${all}ByIds`]: (ids) => atMost(`${all}ByIds`, "ids", ids.length, role_ids),
    [`${all}ByNames`]: (names) => atMost(`${all}ByNames`, "names", names.length, role_names),
  };
}

function claimRules(method, before, limits) {
  const sizes = { ...before };
  return {
    [method]: (key, value) => {
      sizes[key] = entrySize(value);
      atMost(method, "bytes of all claims", total(sizes), limits.claims_bytes);
    },
  };
}

function metadataRules(run, soFar, limits) {
  const user = (method, before) => {
    const sizes = { ...before };
    return (key, value) => {
      if (METADATA_NAME.test(key)) throw new Error(`api.${method}: a key must not contain a dot or a dollar sign.`);
      sizes[key] = entrySize(value);
      atMost(method, "bytes written by one flow", total(sizes), limits.user_metadata_bytes);
    };
  };
  return {
    "user.setUserMetadata": user("user.setUserMetadata", soFar.user_metadata),
    "user.setAppMetadata": user("user.setAppMetadata", soFar.app_metadata),
  };
}

function transactionRules(run, soFar, limits) {
  return {
    "transaction.setMetadata": (key, value) => transaction(run.event.transaction?.metadata, key, value, limits),
    "transaction.setResultUrl": (url) => absolute("transaction.setResultUrl", url),
  };
}

function transaction(before, key, value, limits) {
  const method = "transaction.setMetadata";
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new Error(`api.${method}: an integer must be a safe one.`);
  }
  atMost(method, "characters of a key", key.length, limits.transaction_key_characters);
  atMost(method, "bytes of a value", Buffer.byteLength(String(value)), limits.transaction_value_bytes);
  atMost(method, "bytes in all", entrySize({ ...before, [key]: value }), limits.transaction_total_bytes);
}

/** Users, organizations and actors: custom-token-exchange, and the primary user of a login. */
function exchangeRules(run, soFar, limits) {
  const once = (done, what) => () => {
    if (done) throw new Error(what);
    done = true;
  };
  const oneUser = once(
    soFar.user,
    "One of api.authentication.setUserById and setUserByConnection must be called, and once only.",
  );
  const onePrimary = once(
    soFar.primary_user,
    "api.authentication.setPrimaryUser must be called once only in a transaction.",
  );
  return {
    "authentication.setPrimaryUser": (id) => {
      atMost("authentication.setPrimaryUser", "characters", id.length, limits.primary_user_characters);
      onePrimary();
    },
    "authentication.setUserById": oneUser,
    "authentication.setUserByConnection": (name, attributes) => {
      const method = "authentication.setUserByConnection";
      atMost(method, "characters of a connection's name", name.length, limits.connection_characters);
      atMost(method, "attributes", Object.keys(attributes).length, limits.profile_keys);
      oneUser();
    },
    "authentication.setOrganization": (named) => organization(run.event.organization, named),
    "authentication.setActor": (actor) => checkActor(actor, 1, limits),
  };
}

function organization(asked, named) {
  if (asked && named !== asked.id && named !== asked.name) {
    throw new Error("api.authentication.setOrganization: the request names another organization.");
  }
}

function checkActor(actor, depth, limits) {
  const method = "authentication.setActor";
  atMost(method, "parties", depth, limits.actor_parties);
  if (typeof actor.sub !== "string") throw new TypeError(`api.${method}: every party needs a sub.`);
  const extra = Object.entries(actor).filter(([key]) => key !== "sub" && key !== "act");
  atMost(method, "further keys of a party", extra.length, limits.actor_keys);
  for (const [key, value] of extra) {
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw new TypeError(`api.${method}: ${key} must be a string, a number or a boolean.`);
    }
  }
  if (actor.act) checkActor(actor.act, depth + 1, limits);
}

function absolute(method, url) {
  if (!parsed(url)) throw new Error(`api.${method} needs an absolute URL.`);
}

function parsed(url) {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function some(method, factors) {
  if (!factors.length) throw new Error(`api.${method} needs at least one factor.`);
}

function atMost(method, what, count, most) {
  if (count > most) throw new Error(`api.${method}: ${what} must not exceed ${most}, got ${count}.`);
}

module.exports = { rules };
