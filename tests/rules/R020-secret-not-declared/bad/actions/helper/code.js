exports.onExecutePostLogin = async function (e, a) {
  await notify(e, a);
};
exports.onContinuePostLogin = notLogged;
async function notLogged(evt) {
  const read = (secrets) => secrets.LOVEL;
  void evt.secrets.TOKEN;
  return read(evt.secrets);
}
async function notify(evt) {
  const { secrets: s } = evt;
  return s.TOKEN + s.LEVEL + s.TOCEN;
}
