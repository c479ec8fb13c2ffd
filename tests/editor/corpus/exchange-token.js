const { jwtVerify, createRemoteJWKSet } = require("jose");

const MESSAGES = { ERR_JWT_EXPIRED: "The subject token has expired" };

const required = (value, name) => {
  const trimmed = value?.trim();
  if (!trimmed) throw new Error(`Secret '${name}' is required`);
  return trimmed;
};

const checked = (audience, allowed, api) => {
  if (!allowed.has(audience)) {
    return api.access.deny("invalid_target", "The requested audience is not permitted");
  }
};

/**
 * Handles the Custom Token Exchange request.
 * @param {Event} event - Details about the incoming token exchange request.
 * @param {CustomTokenExchangeAPI} api - Methods and utilities to define the token exchange process.
 */
exports.onExecuteCustomTokenExchange = async (event, api) => {
  if (!event.transaction?.subject_token) {
    return api.access.deny("invalid_request", "subject_token is required");
  }
  try {
    const allowed = new Set(JSON.parse(required(event.secrets.AUDIENCES, "AUDIENCES")));
    let result = checked(event.resource_server?.identifier, allowed, api);
    if (result) return result;
    const keys = createRemoteJWKSet(new URL(`https://${event.request.hostname}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(event.transaction.subject_token, keys, { algorithms: ["RS256"] });
    if (!payload.sub) throw new Error("no subject");
    result = api.authentication.setUserById(payload.sub);
    api.authentication.setUserByConnection(
      "Users",
      { user_id: payload.sub, email: "ada@example.com", verify_email: false },
      { creationBehavior: "create_if_not_exists", updateBehavior: "none" },
    );
  } catch (err) {
    if (err instanceof SyntaxError && err.message.includes("JSON")) {
      return api.access.deny("server_error", "Token exchange failed");
    }
    const known = MESSAGES[err.code];
    if (known) return api.access.rejectInvalidSubjectToken(known);
    return api.access.deny("server_error", "Token exchange failed");
  }
};
