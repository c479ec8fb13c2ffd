const onExecutePostLogin = async (event, api) => {};
module.exports.helper = onExecutePostLogin;
