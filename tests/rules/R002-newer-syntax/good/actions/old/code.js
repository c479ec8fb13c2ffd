exports.onExecutePostLogin = async (event, api) => {
  const using = /(?<!x)a/du.exec(event.user.name);
  const o = { async *using() {}, static: 1 };
  api.idToken.setCustomClaim('x', [using, o.static].length);
};
