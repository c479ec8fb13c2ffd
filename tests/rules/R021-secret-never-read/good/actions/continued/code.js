exports.onExecutePostLogin = async (event) => event.secrets.TOKEN;
exports.onContinuePostLogin = async (event) => event.secrets.LEVEL;
