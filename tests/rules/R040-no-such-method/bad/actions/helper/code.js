exports.onExecutePostLogin = async (event, api) => {
  refuse(api, 'no');
};
const refuse = (platform, why) => platform.access.reject(why);
