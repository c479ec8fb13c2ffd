exports.onExecutePostLogin = async (event, api) => {
  return actions.secrets.TOKEN;
};
