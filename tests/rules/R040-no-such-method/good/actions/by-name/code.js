exports.onExecutePostLogin = async (event, api) => {
  const name = 'deny';
  api.access[name]('x');
  api[name + 'x'];
};
