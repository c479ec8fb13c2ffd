const onExecutePostLogin = async () => {};
module.exports = { onExecutePostLogin, helper: 1 };
