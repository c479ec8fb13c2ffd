exports.onExecutePostLogin = async (event, api) => {
  api.access.denyy('x');
  api.acces.deny('x');
  api.idToken['setClaim']('a', 1);
  api.user.setUserMetadata('a', 1).idToken;
};
