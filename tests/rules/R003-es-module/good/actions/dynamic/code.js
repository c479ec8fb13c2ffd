exports.onExecutePostLogin = async (event, api) => {
  const { default: got } = await import('got');
  api.idToken.setCustomClaim('a', typeof got);
};
