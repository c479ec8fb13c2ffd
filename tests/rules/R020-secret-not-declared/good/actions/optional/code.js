exports.onExecutePostLogin = async (event, api) => {
  const { ALLOWED_CLIENTS, RETRIES = 3, MODE } = event.secrets;
  if (ALLOWED_CLIENTS !== undefined && !ALLOWED_CLIENTS.includes(event.client.client_id)) return;
  const debug = event.secrets.DEBUG;
  if (debug) console.log("retries", RETRIES, MODE ?? "live");
  if (event.secrets.STRICT === undefined || event.secrets?.LENIENT || "PAUSED" in event.secrets) return;
  const prefix = event.secrets.NAMESPACE || "https://acme.example/";
  api.idToken.setCustomClaim(`${prefix}seen`, typeof event.secrets.TOKEN, event.secrets.LOCALE?.trim());
};
