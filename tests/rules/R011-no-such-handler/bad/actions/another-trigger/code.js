exports.onExecutePostLogin = async () => {};
exports.onExecutePreUserRegistration = async () => {};
