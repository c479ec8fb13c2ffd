/**
 * Puts the roles of the user into both tokens. Without roles the claim is an empty list: an
 * application never has to tell "no roles" from "not asked".
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const claim = `${event.secrets.NAMESPACE}roles`;
  const roles = event.authorization?.roles ?? [];
  api.idToken.setCustomClaim(claim, roles);
  api.accessToken.setCustomClaim(claim, roles);
};
