exports.onExecutePostLogin = async (event, api) => use(api) + use({ foo: 1 });
const use = (one) => one.foo;
