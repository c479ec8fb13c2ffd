exports.onExecutePostLogin = async (event, api) => {
  const access = api.access;
  const a = api;
  access.refuse('x');
  a.samlResponse.setAttributes('a', 'b');
};
