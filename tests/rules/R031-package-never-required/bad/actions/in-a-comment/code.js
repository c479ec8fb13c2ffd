exports.onExecutePostLogin = async (event, api) => {
  // const axios = require('axios');
  return 'axios';
};
