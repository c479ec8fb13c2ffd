exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim("https://acme.example/department", event.user.app_metadata.department);
};
