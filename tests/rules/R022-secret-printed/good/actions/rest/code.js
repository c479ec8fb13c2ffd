exports.onExecutePostLogin = async ({ secrets, ...rest }) => {
  console.log(rest, secrets.LEVEL);
  void secrets.TOKEN;
};
