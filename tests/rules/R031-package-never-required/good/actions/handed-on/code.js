const load = (name, from = require) => from(name);

exports.onExecutePostLogin = async (event, api) => {
  return load('axios');
};
