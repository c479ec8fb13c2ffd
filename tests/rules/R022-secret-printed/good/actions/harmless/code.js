const { createHash } = require('crypto');
const mask = (text) => '*'.repeat(text.length);
const logger = { log() {} };

exports.onExecutePostLogin = async (event, api) => {
  const { TOKEN: token, LEVEL } = event.secrets;
  console.log(LEVEL, `level ${LEVEL}`);
  console.log(Boolean(token), !!token, typeof token, token.length, token ? 'set' : 'unset', token === 'x', token && 'set');
  console.log(mask(token), token.slice(-4), createHash('sha256').update(token).digest('hex'));
  console.log(event.user.email, event.user, event.request.ip);
  const options = { headers: { authorization: token }, method: 'POST' };
  console.log(options.method);
  console.log(JSON.stringify({ token, a: 1 }, ['a']));
  logger.log(token);
};
