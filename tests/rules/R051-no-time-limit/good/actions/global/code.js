const { fetch: send, other } = globalThis;

exports.onExecutePostLogin = async (event, api) => {
  await globalThis.fetch('https://a.example', { signal: AbortSignal.timeout(1000) });
  await send('https://a.example', { signal: AbortSignal.timeout(1000) });
  await globalThis.other.fetch('https://a.example');
  await other?.('https://a.example');
  globalThis.fetched = globalThis;
};
