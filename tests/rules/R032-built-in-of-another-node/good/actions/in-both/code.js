exports.onExecutePostLogin = async (event, api) => {
  return [require('node:test'), require('node:stream/web'), require('readline/promises')];
};
