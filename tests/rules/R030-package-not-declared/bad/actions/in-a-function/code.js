exports.onExecutePostLogin = async (event, api) => {
  const { default: got } = await import('got');
  return require(`node-fetch`)(got);
};
