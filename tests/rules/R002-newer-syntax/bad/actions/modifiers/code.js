exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('a', /(?i:ada)@x/.test(event.user.email));
  api.idToken.setCustomClaim('b', /(?<y>a)|(?<y>b)/.test(event.user.email));
};
