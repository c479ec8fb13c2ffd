const HOUR = 3600 * 1000;

/**
 * Ends the session so many hours after it began. It counts from there at every login: to log in
 * again does not make it longer. What is no number of hours is as if it were not there.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const hours = Number(event.organization?.metadata?.session_hours);
  const began = Date.parse(event.session?.created_at ?? "");
  if (hours > 0 && Number.isFinite(hours) && began) {
    api.session.setExpiresAt(began + hours * HOUR);
  }
};
