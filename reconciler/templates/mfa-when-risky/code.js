const TRUSTED = new Set(["high", "neutral"]);

/**
 * Asks for a second factor unless the platform is confident that this is the user. No assessment is
 * no confidence.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  // Nobody is there to be asked.
  if (event.transaction?.protocol === "oauth2-refresh-token") return;

  const { methods = [], riskAssessment } = event.authentication ?? {};
  if (TRUSTED.has(riskAssessment?.confidence ?? "") || methods.some(({ name }) => name === "mfa")) return;

  if (event.user.enrolledFactors?.length) {
    api.multifactor.enable("any", { allowRememberBrowser: false });
  } else {
    // To enable MFA here would let whoever logs in right now enroll a factor of their own.
    api.authentication.challengeWith({ type: "email" });
  }
};
