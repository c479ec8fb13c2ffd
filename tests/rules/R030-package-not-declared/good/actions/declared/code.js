const axios = require('axios');
const sign = require('@acme/jwt/lib/sign');
const get = require('lodash/fp/get');

exports.onExecutePostLogin = async (event, api) => {
  return [axios, sign, get, require('sqlite')];
};
