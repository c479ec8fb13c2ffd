exports.onExecutePostLogin = async (event, api) => {
  console.log(event.secrets.TOKEN);
  console.error(`failed with ${event.secrets.TOKEN}`, event.secrets.LEVEL);
  console.info('x' + event.secrets.TOKEN.trim());
};
