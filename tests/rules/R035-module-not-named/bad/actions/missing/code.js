exports.onExecutePostLogin = async (event, api) => {
  return require('actions:cmr');
};
