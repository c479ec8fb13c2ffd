const { inspect } = require('node:util');

exports.onExecutePostLogin = async (event, api) => {
  const token = event.secrets.TOKEN;
  const headers = { authorization: `Bearer ${token}` };
  console.debug(headers);
  console.warn(JSON.stringify({ headers }, null, 2));
  console.log(headers.authorization, [event.secrets.LEVEL, token], token ?? 'none');
  const { log: print } = console;
  print(inspect({ ...headers }));
};
