const NAMESPACE = "https://acme.example/";

/** @type {OnExecutePostLogin} */
exports.onExecutePostLogin = async (event, api) => {
  const roles = event.authorization?.roles ?? [];
  api.idToken.setCustomClaim(`${NAMESPACE}roles`, roles);
  api.accessToken.setCustomClaim(`${NAMESPACE}roles`, roles);

  const plan = event.user.app_metadata?.plan;
  if (plan) {
    api.accessToken.setCustomClaim(`${NAMESPACE}plan`, plan);
  }
};
