exports.onExecutePostLogin = exports.onContinuePostLogin = async () => {};
