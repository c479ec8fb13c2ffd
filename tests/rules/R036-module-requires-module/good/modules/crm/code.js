const axios = require('axios');
exports.a = axios;
