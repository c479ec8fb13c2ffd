/**
 * Handler that will be called during the execution of a Client Credentials exchange.
 *
 * @param {Event} event - Details about client credentials grant request.
 * @param {CredentialsExchangeAPI} api - Interface whose methods can be used to change the behavior of it.
 */
exports.onExecuteCredentialsExchange = async (event, api) => {
  const ips = event.secrets.ALLOW_LIST?.split(",");
  if (!ips) {
    return api.access.deny("server_error", "Invalid configuration");
  }
  if (!ips.includes(event.request.ip)) {
    return api.access.deny("invalid_request", "Access denied for this IP address");
  }
  const scopes = JSON.parse(event.client.metadata.scopes || "[]");
  for (const scope of scopes) api.transaction.addTargetScope(scope);
  api.accessToken.setCustomClaim("https://acme.example/client", event.client.name);
};
