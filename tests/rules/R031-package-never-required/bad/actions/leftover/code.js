const axios = require('axios');

exports.onExecutePostLogin = async (event, api) => {
  return axios;
};
