const names = require('actions:names');
exports.a = names;
