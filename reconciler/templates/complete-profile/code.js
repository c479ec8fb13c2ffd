const MOST_CHARACTERS = 100;

/**
 * Shows the form to users whose company is not known; not at their first login, which is long
 * enough.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const known = event.user.user_metadata?.company || event.stats.logins_count < 2;
  // Nobody is there to be asked where tokens are renewed, or where the application forbids questions.
  if (!known && api.redirect.canRedirect()) {
    api.prompt.render(event.secrets.FORM_ID);
  }
};

/**
 * Keeps the answer. Who gives none gets in all the same, and is asked again.
 *
 * @type {OnContinuePostLogin}
 */
exports.onContinuePostLogin = async (event, api) => {
  const company = String(event.prompt?.fields?.company ?? "").trim();
  if (company) {
    api.user.setUserMetadata("company", company.slice(0, MOST_CHARACTERS));
  }
};
