exports.onExecutePostLogin = async (event, api) => {
  api.access.deny('x');
  api.idToken.setCustomClaim('a', 1).accessToken.setCustomClaim('a', 1);
  api.cache.get('x');
  const { deny } = api.access;
  deny.call(api.access, 'x');
  console.log(api.toString(), String(api), api.access.deny.name, typeof api.access.deny);
};
