/**
 * Puts the country of the login (ISO 3166, such as NL) into both tokens. Where the platform does
 * not know it, there is no claim: no country is not a country.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const country = event.request.geoip?.countryCode;
  if (!country) return;
  api.idToken.setCustomClaim(`${event.secrets.NAMESPACE}country`, country);
  api.accessToken.setCustomClaim(`${event.secrets.NAMESPACE}country`, country);
};
