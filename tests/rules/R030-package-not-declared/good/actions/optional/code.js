exports.onExecutePostLogin = async (event, api) => {
  let extra;
  try {
    extra = require('optional-extra');
  } catch {
    extra = null;
  }
  return extra;
};
