const MOST_SECONDS = 600;
const PLEASE = "Please accept our terms to log in.";

/**
 * Sends users who have not accepted these terms yet to the page that asks them.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const { TERMS, CONSENT_URL, CONSENT_SECRET } = event.secrets;
  // New terms end no session: a token that is renewed was given under those before.
  const renewal = event.transaction?.protocol === "oauth2-refresh-token";
  if (renewal || event.user.app_metadata?.terms === TERMS) return;

  if (!api.redirect.canRedirect()) {
    api.access.deny(PLEASE);
    return;
  }
  const session_token = api.redirect.encodeToken({
    secret: CONSENT_SECRET,
    expiresInSeconds: MOST_SECONDS,
    payload: { terms: TERMS },
  });
  api.redirect.sendUserTo(CONSENT_URL, { query: { session_token } });
};

/**
 * Takes the answer: that of this user, to these terms. Whatever else comes back keeps the user out.
 *
 * @type {OnContinuePostLogin}
 */
exports.onContinuePostLogin = async (event, api) => {
  const { TERMS, CONSENT_SECRET } = event.secrets;
  const answer = validated(api, CONSENT_SECRET);
  if (answer?.accepted === true && answer.terms === TERMS && answer.sub === event.user.user_id) {
    api.user.setAppMetadata("terms", TERMS);
  } else {
    api.access.deny(PLEASE);
  }
};

/** What the page signed; null where its signature, its time or its state is not right. */
function validated(api, secret) {
  try {
    return api.redirect.validateToken({ secret });
  } catch (error) {
    console.error(`The answer is refused: ${error.message}`);
    return null;
  }
}
