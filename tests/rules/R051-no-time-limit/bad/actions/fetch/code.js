exports.onExecutePostLogin = async (event, api) => {
  const a = await fetch('https://a.example');
  const b = await fetch('https://a.example', { method: 'POST' }).then((r) => r.json());
  const options = { headers: {} };
  const c = (await fetch(event.user.picture, options)).status;
  await Promise.all([fetch('https://a.example'), Promise.resolve()]);
  for await (const chunk of (await fetch('https://a.example')).body) void chunk;
  return [a, b, c];
};
