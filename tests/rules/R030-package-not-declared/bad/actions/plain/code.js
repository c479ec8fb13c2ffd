const axios = require('axios');
const { v4: uuid } = require('uuid');
const jwt = require('@acme/jwt/lib/sign');
const axos = require('axos');
void axos;
const odd = require('constructor');

exports.helper = async () => odd('https://a.example');

exports.onExecutePostLogin = async (event, api) => {
  return axios.VERSION + uuid() + jwt;
};
