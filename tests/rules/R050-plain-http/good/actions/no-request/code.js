exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('http://acme.example/roles', []);
  api.samlResponse.setAttribute('http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', 'x');
  const NAMESPACE = 'http://acme.example/';
  api.accessToken.setCustomClaim(`${NAMESPACE}plan`, 'x');
};
