const axios = require('axios');
const follow = require('follow-redirects');

exports.onExecutePostLogin = async (event, api) => {
  return [axios, follow];
};
