const log = (text, size) => console.log(text, size.length);
exports.onExecutePostLogin = async (event, api) => {
  console.assert(event.secrets.TOKEN, 'the token is not set');
  console.log({ ...event, secrets: undefined });
  console.log(JSON.stringify({ ...event, secrets: Object.keys(event.secrets) }));
  console.log(hasOwnProperty.call(event, 'user'));
  log('one', event.secrets.TOKEN);
  log('two', event.user.name);
};
