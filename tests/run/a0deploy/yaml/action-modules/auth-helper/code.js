exports.roles = (event) => event.authorization.roles;
