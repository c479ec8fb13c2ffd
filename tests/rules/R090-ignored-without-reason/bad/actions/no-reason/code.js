exports.onExecutePostLogin = async (event, api) => {
  // reconciler-ignore R051
  return 1; // reconciler-ignore R051:
  /* reconciler-ignore: because */
  return 2; // reconciler-ignore
};
