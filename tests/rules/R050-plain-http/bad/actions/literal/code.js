exports.onExecutePostLogin = async (event, api) => {
  await fetch('http://risk.example.com/score', { signal: AbortSignal.timeout(5000) });
  await fetch(`http://${event.user.name}.example.com/`, { signal: AbortSignal.timeout(5000) });
  await fetch('HTTP://risk.example.com', { signal: AbortSignal.timeout(5000) });
  await fetch(new URL('/score', 'http://risk.example.com'), { signal: AbortSignal.timeout(5000) });
};
