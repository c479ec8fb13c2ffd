const axios = require('axios');
const got = require('got');
const client = axios.create({ timeout: 1 });
const config = require('crypto');

exports.onExecutePostLogin = async (event, api) => {
  await axios.get('https://a.example', { timeout: 1 });
  await axios.post('https://a.example', {}, { timeout: 1 });
  await axios({ url: 'https://a.example', timeout: 1 });
  await client.get('/x');
  await client.post('/x', {}, {});
  await axios.get('https://a.example', config);
  await axios(config);
  await axios.isAxiosError(1);
  await got('https://a.example', { timeout: { request: 1 } });
  await got.extend({ timeout: 1 }).get('https://a.example');
};
