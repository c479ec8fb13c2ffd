const greet = require('./greet');

exports.onExecutePostLogin = async (event, api) => {
  return [greet, require('../shared'), require('/etc/passwd'), require('.')];
};
