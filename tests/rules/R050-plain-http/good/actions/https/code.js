const axios = require('axios');

exports.onExecutePostLogin = async (event, api) => {
  await fetch('https://x.example/?to=http://y.example', { signal: AbortSignal.timeout(5000) });
  await fetch(event.request.hostname, { signal: AbortSignal.timeout(5000) });
  await axios.get('https://x.example', { timeout: 1, baseURL: 'http://unused.example' });
  await fetch('https://x.example', { method: 'POST', body: 'http://y.example', signal: AbortSignal.timeout(1) });
};
