exports.onExecutePostLogin = async (event, api) => {
  await fetch('http://me:password@risk.example.com/?key=abc', { signal: AbortSignal.timeout(5000) });
};
