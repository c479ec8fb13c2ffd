exports.onExecutePostLogin = async (event) => read(event, 'TOKEN') + read(event, 'LEVEL');
function read(event, name) {
  return event.secrets[name];
}
