exports.onExecutePostLogin = async (event, api) => {
  try {
    return require('axios');
  } catch {
    return null;
  }
};
