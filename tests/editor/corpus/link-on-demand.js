const { createHash } = require("node:crypto");
const querystring = require("querystring");

const logger = { info: (...words) => console.log("linking:", ...words) };
const SCOPES = { LINK: "link_account" };

/** @type {string[]} */
const PROTOCOLS = ["oidc-basic-profile", "oauth2-device-code"];

/**
 * Handler that will be called during the execution of a PostLogin flow.
 *
 * @param {Event} event - Details about the user and the context in which they are logging in.
 * @param {PostLoginAPI} api - Interface whose methods can be used to change the behavior of the login.
 */
exports.onExecutePostLogin = async (event, api) => {
  try {
    if (!wantsLink(event)) {
      return;
    }
    if (event.secrets.ENFORCE_MFA === "yes" && event.user.enrolledFactors?.length) {
      const done = event.authentication?.methods?.some((method) => method.name === "mfa");
      if (!done) {
        api.authentication.challengeWithAny(event.user.enrolledFactors.map((factor) => ({ type: factor.type })));
        return;
      }
    }
    return start(event, api);
  } catch (err) {
    logger.info("failed", err.toString(), err.code);
    return api.access.deny("Cannot link accounts");
  }
};

/**
 * @param {Event} event
 * @param {PostLoginAPI} api
 */
exports.onContinuePostLogin = async (event, api) => {
  const payload = api.redirect.validateToken({ secret: event.secrets.REDIRECT_SECRET, tokenParameterName: "token" });
  if (payload.state !== event.request.query.state) {
    return api.access.deny("state does not match");
  }
  api.user.setAppMetadata("linked", { at: new Date(), by: payload.sub });
  api.authentication.setPrimaryUser(payload.sub);
};

/** @param {PostLoginEvent} event */
function wantsLink(event) {
  if (!event.transaction || !event.transaction.protocol) {
    return false;
  }
  if (PROTOCOLS.includes(event.transaction.protocol) === false) {
    return false;
  }
  const { requested_scopes } = event.transaction;
  return Array.isArray(requested_scopes) && requested_scopes.includes(SCOPES.LINK);
}

/**
 * @param {PostLoginEvent} event
 * @param {PostLoginAPI} api
 */
async function start(event, api) {
  const { requested_connection: connection, scope } = event.request.query;
  const hash = createHash("sha256").update(event.user.user_id).digest("base64url");
  const token = api.redirect.encodeToken({
    secret: event.secrets.REDIRECT_SECRET,
    expiresInSeconds: 60,
    payload: { email: event.user.email, connection, hash },
  });
  const url = new URL("https://link.example.com/start");
  url.search = new URLSearchParams({ ...event.request.query, hash }).toString();
  if (scope) url.searchParams.set("scope", scope);
  console.log(querystring.stringify({ connection }));
  api.redirect.sendUserTo(url.toString(), { query: { session_token: token } });
}
