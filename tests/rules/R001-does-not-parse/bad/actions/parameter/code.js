exports.onExecutePostLogin = async () => {};

const module = require('node:crypto');
