let current;
exports.onExecutePostLogin = async (event) => {
  current = event;
  return helper();
};
const helper = () => current.secrets.TOKEN + current.secrets.LEVEL;
