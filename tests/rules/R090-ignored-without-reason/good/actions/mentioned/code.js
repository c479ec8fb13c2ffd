exports.onExecutePostLogin = async (event, api) => {
  // see reconciler-ignore in the docs
  const a = '// reconciler-ignore R051';
  return a;
};
