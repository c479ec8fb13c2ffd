exports.onExecutePostLogin = async (event, api) => {
  return require('node:sea');
};
