/**
 * Keeps users out until they have verified their mail address; also those without one.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.email_verified) {
    api.access.deny("Please verify your mail address, then log in again.");
  }
};
