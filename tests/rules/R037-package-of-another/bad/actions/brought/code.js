const axios = require('axios');
const follow = require('follow-redirects');
const base = require('@acme/base/x');

exports.onExecutePostLogin = async (event, api) => {
  return [axios, follow, base];
};
