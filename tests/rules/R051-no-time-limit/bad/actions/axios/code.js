const axios = require('axios');
const client = axios.create({ baseURL: 'https://a.example' });

exports.onExecutePostLogin = async (event, api) => {
  await axios.get('https://a.example');
  await axios.post('https://a.example', { timeout: 1 });
  await axios({ method: 'get', url: 'https://a.example' });
  await axios('https://a.example', { headers: {} });
  await client.get('/x');
  await axios.default.request({ url: 'https://a.example' });
};
