exports.onExecutePostLogin = async (event, api) => {
  const own = { require: (name) => name };
  return own.require('nothing');
};
