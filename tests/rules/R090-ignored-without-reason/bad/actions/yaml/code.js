exports.onExecutePostLogin = async (event, api) => {
  return event.secrets.TOKEN;
};
