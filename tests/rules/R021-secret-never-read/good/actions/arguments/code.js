exports.onExecutePostLogin = async function () {
  return arguments[0].secrets.TOKEN;
};
