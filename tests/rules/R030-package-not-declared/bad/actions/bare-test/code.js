exports.onExecutePostLogin = async (event, api) => {
  return require('test');
};
