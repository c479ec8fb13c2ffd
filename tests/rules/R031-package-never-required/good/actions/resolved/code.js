exports.onExecutePostLogin = async (event, api) => {
  return require.resolve('axios');
};
