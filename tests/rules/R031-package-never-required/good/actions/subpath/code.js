exports.onExecutePostLogin = async (event, api) => {
  return [require('@acme/jwt/sign'), require('lodash/get')];
};
