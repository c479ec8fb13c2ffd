const axios = require('axios');
axios.defaults.timeout = 5000;

exports.onExecutePostLogin = async (event, api) => {
  return await axios.get('https://a.example');
};
