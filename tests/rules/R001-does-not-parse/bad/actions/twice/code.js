exports.onExecutePostLogin = async (event, api) => {
  let a = 1;
  let a = 2;
};
