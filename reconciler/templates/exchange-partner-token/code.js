const { createRemoteJWKSet, jwtVerify } = require("jose");

const MOST_MILLISECONDS = 5000;

/**
 * Logs in the user of a partner's token. A token that is wrong counts against whoever brings it;
 * keys that cannot be had are nobody's fault.
 *
 * @type {OnExecuteCustomTokenExchange}
 */
exports.onExecuteCustomTokenExchange = async (event, api) => {
  const { ISSUER, AUDIENCE, KEYS_URL, CONNECTION } = event.secrets;
  let claims;
  try {
    const { payload } = await jwtVerify(event.transaction.subject_token, keysAt(KEYS_URL), {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ["RS256", "ES256"],
      requiredClaims: ["sub", "exp"],
    });
    claims = payload;
  } catch (error) {
    if (WRONG_TOKEN.test(error.code)) {
      api.access.rejectInvalidSubjectToken("The subject token is not valid.");
    } else {
      console.error(`The keys of the partner were not to be had: ${error.code ?? error.name}`);
      api.access.deny("server_error", "The subject token could not be checked.");
    }
    return;
  }
  api.authentication.setUserByConnection(
    CONNECTION,
    {
      user_id: claims.sub,
      email: claims.email,
      email_verified: claims.email_verified === true,
      name: claims.name,
    },
    { creationBehavior: "create_if_not_exists", updateBehavior: "none" },
  );
};

const WRONG_TOKEN = /^ERR_(JWT|JWS|JOSE_ALG|JOSE_NOT|JWKS_NO|JWKS_MULTIPLE)/;

let keys;

/** The keys of the partner, asked for once in the life of this process. */
function keysAt(url) {
  keys ??= createRemoteJWKSet(new URL(url), { timeoutDuration: MOST_MILLISECONDS });
  return keys;
}
