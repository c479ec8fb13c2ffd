exports.onExecutePostLogin = async (event, api) => {
  return [require('sqlite'), require('punycode/')];
};
