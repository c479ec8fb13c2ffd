exports.onExecutePostLogin = async (event, api) => {
  try {
    return require('node:sea');
  } catch {
    return null;
  }
};
