/**
 * Refuses a token with scopes that the metadata of the application does not list. An application
 * without metadata gets no scopes at all; a token without scopes is anybody's.
 *
 * @type {OnExecuteCredentialsExchange}
 */
exports.onExecuteCredentialsExchange = async (event, api) => {
  const listed = (event.client.metadata?.scopes ?? "").split(/[\s,]+/);
  const others = event.accessToken.scope.filter((scope) => !listed.includes(scope));
  if (others.length) {
    api.access.deny("invalid_scope", `This application may not ask for ${others.join(" ")}`);
  }
};
