exports.onExecutePostLogin = async (event, api) => {
  return [require('crypto'), require('node:dns/promises'), require('fs'), require('os'), require('vm')];
};
