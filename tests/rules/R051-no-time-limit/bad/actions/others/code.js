const nodeFetch = require('node-fetch');
const got = require('got');

exports.onExecutePostLogin = async (event, api) => {
  await nodeFetch('https://a.example');
  await got.post('https://a.example', { json: {} });
  await got('https://a.example');
  await got('https://a.example').json();
};
