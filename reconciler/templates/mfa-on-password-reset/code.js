/**
 * Asks for a factor besides mail: whoever reads somebody's mail has come this far already.
 *
 * @type {OnExecutePostChallenge}
 */
exports.onExecutePostChallenge = async (event, api) => {
  const factors = (event.user.enrolledFactors ?? []).filter(({ type }) => type !== "email");
  if (factors.length) {
    api.authentication.challengeWithAny(factors.map(({ type }) => ({ type })));
  }
};
