module.exports.onExecutePostLogin = require('actions:shared').handler;
