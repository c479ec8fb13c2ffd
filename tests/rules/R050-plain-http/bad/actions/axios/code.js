const axios = require('axios');
const client = axios.create({ baseURL: 'http://risk.example.com', timeout: 1 });

exports.onExecutePostLogin = async (event, api) => {
  await axios.get('http://risk.example.com', { timeout: 1 });
  await axios({ url: 'http://risk.example.com', timeout: 1 });
  await client.post('/x', {});
  await axios.get('/x', { baseURL: 'http://risk.example.com', timeout: 1 });
};
