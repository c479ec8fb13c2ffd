const made = () => ({ signal: AbortSignal.timeout(1) });
const request = () => new Request('https://a.example', made());

exports.onExecutePostLogin = async (event, api) => {
  const options = { signal: AbortSignal.timeout(1) };
  const later = {};
  later.signal = AbortSignal.timeout(1);
  const { signal } = new AbortController();
  await fetch('https://a.example', options);
  await fetch('https://a.example', later);
  await fetch('https://a.example', { signal });
  await fetch('https://a.example', { ...options, method: 'POST' });
  await fetch('https://a.example', made());
  await fetch(new Request('https://a.example', options));
  await fetch(request());
};
