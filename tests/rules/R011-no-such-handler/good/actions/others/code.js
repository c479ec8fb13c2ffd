exports.onExecutePostLogin = async () => {};
exports.once = exports.online = exports.on = 1;
