exports.onExecutePostLogin = async (event, api) => {
  if (event.user) {
};
