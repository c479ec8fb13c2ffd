exports.onExecutePostLogin = async (event, api) => {
  // reconciler-ignore R050, R051: an old box in our own network
  return await fetch('http://a.example');
};
