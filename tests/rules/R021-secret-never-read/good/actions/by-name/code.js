exports.onExecutePostLogin = async (event, api) => {
  return ['TOKEN', 'LEVEL'].map((name) => event.secrets[name]);
};
