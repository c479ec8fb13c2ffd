exports.onExecutePostLogin = async (event, api) => {
  const client = { access: { denyy() {} } };
  client.access.denyy();
  return [{ foo: {} }].map((api) => api.foo.bar);
};
