exports.onExecutePostLogin = async (event, api) => {
  return require('util').inspect.call(null, event.secrets);
};
