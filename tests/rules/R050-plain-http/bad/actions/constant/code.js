const BASE = 'http://risk.example.com';

exports.onExecutePostLogin = async (event, api) => {
  await fetch(`${BASE}/score`, { signal: AbortSignal.timeout(5000) });
  await fetch(BASE + '/score', { signal: AbortSignal.timeout(5000) });
  const url = new URL(BASE);
  url.pathname = '/x';
  await fetch(url, { signal: AbortSignal.timeout(5000) });
  await fetch(url.toString(), { signal: AbortSignal.timeout(5000) });
};
