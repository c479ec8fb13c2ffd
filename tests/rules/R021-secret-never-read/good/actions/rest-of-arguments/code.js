exports.onExecutePostLogin = async (...given) => given[0].secrets.TOKEN;
