const crm = require('actions:crm');

exports.onExecutePostLogin = async (event, api) => {
  return crm;
};
