const wrap = (f) => (event, api) => f({ secrets: { INNER: 1 } }, event);
exports.onExecutePostLogin = wrap(async (event) => event.secrets.INNER);
