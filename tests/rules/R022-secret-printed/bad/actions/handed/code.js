const log = (text, ...more) => console.log('[acme]', text, ...more);
function trace(text) {
  log(text);
}
exports.onExecutePostLogin = async (event, api) => {
  log('begins');
  log('asking', { token: event.secrets.TOKEN });
  trace('asked');
  trace(event.secrets.TOKEN);
};
