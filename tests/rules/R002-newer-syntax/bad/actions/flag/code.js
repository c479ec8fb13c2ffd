exports.onExecutePostLogin = async (event, api) => {
  const words = /[\p{L}--[a-z]]/v.test(event.user.name);
  api.idToken.setCustomClaim('words', words);
};
