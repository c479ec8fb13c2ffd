exports.onExecutePostLogn = async () => {};
