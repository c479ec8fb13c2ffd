exports.onExecutePostLogin = async (event, api) => {
  console.log(JSON.stringify(event));
};
