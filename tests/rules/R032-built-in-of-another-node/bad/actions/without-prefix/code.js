exports.onExecutePostLogin = async (event, api) => {
  return require('node:sqlite2');
};
