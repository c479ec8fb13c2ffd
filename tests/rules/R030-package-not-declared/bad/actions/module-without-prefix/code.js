exports.onExecutePostLogin = async (event, api) => {
  return require('crm').x;
};
