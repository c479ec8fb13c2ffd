exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('https://##ENV##.acme.io/roles', event.authorization.roles);
};
