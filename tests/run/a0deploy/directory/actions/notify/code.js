exports.onExecutePostLogin = async (event, api) => {
  console.log(event.user.email);
};
