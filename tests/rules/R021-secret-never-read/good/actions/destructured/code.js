exports.onExecutePostLogin = async ({ user, ...rest }) => rest.secrets.TOKEN + user.name;
