exports.ask = require('left-pad');
