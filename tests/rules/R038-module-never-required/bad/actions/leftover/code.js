exports.onExecutePostLogin = async (event, api) => {
  return event.user.email;
};
