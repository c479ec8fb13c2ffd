const { DatabaseSync } = require('node:sqlite');

exports.onExecutePostLogin = async (event, api) => {
  return new DatabaseSync(':memory:');
};
