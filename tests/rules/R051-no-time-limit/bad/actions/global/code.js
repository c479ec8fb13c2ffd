const { fetch: send } = globalThis;

exports.onExecutePostLogin = async (event, api) => {
  await globalThis.fetch('https://a.example');
  await global['fetch']('https://a.example');
  await send('https://a.example');
};
