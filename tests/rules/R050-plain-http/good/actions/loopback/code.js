exports.onExecutePostLogin = async (event, api) => {
  await fetch('http://localhost:3000/x', { signal: AbortSignal.timeout(5000) });
  await fetch('http://127.0.0.1/', { signal: AbortSignal.timeout(5000) });
  await fetch('http://[::1]:80/', { signal: AbortSignal.timeout(5000) });
  await fetch('http://api.localhost/', { signal: AbortSignal.timeout(5000) });
};
