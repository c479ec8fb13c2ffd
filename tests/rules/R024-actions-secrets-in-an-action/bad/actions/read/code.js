exports.onExecutePostLogin = async (event, api) => {
  void event.secrets.TOKEN, event.secrets.LEVEL;
  return actions.secrets.TOKEN;
};
