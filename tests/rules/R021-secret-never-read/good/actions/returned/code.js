exports.onExecutePostLogin = async (event) => work(() => event);
const work = (f) => f().secrets.TOKEN;
