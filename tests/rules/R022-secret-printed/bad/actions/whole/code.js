exports.onExecutePostLogin = async (event, api) => {
  console.log(event);
  console.log('%j', event.secrets);
  console.log(JSON.stringify(event));
  void event.secrets.TOKEN, event.secrets.LEVEL;
};
