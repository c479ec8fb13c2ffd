exports.onExecutePostLogin = async (event, api) => {
  console.log(event.secrets);
  console.log(event, event.secrets.LEVEL);
};
