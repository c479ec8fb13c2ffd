exports.onExecutePostLogin = async (event, { access: { deni }, user: u, authentification }) => {
  u.setMetadata('a', 1);
  const { deny, allow } = arguments.length ? {} : {};
  deni('x', deny, allow, authentification);
};
