exports.onExecutePostLogin = async (event, api) => {
  const console = { log() {} };
  console.log(event.secrets.TOKEN, event.secrets.LEVEL);
};
