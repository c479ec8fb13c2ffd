/**
 * @param {Event} event - Details about the post challenge request.
 * @param {PasswordResetPostChallengeAPI} api - Interface whose methods can be used to change the behavior of it.
 */
exports.onExecutePostChallenge = async (event, api) => {
  const groupAllowed = event.secrets.ALLOWED_GROUP;
  if (!groupAllowed) {
    return api.access.deny("Invalid configuration");
  }
  let groups = event.user.groups || [];
  if (!Array.isArray(groups)) {
    groups = [groups];
  }
  if (!groups.includes(groupAllowed)) {
    return api.access.deny("Access denied");
  }
};

/**
 * @param {Event} event
 * @param {PostChallengeAPI} api
 */
exports.onContinuePostChallenge = async (event, api) => {
  api.transaction.setResultUrl("https://acme.example/done", { query: { user: event.user.user_id } });
};
