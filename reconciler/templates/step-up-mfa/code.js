const MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

/**
 * Asks for a second factor when the application wants one, once in a session.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const wanted = event.transaction?.acr_values?.includes(MULTI_FACTOR);
  const given = event.authentication?.methods.some(({ name }) => name === "mfa");
  if (wanted && !given) {
    api.multifactor.enable("any", { allowRememberBrowser: false });
  }
};
