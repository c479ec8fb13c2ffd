/**
 * Remembers the first login. What is there already is never written again, so it does not matter
 * how often this runs.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata?.first_login) return;
  api.user.setAppMetadata("first_login", {
    at: new Date().toISOString(),
    client: event.client.client_id,
    connection: event.connection.name,
    country: event.request.geoip?.countryCode ?? null,
  });
};
