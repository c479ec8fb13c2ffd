exports.onExecutePostLogin = async (event, api) => {
  return 1; // reconciler-ignore R999: because
  // reconciler-ignore r051, no-timeout: because
  return 2;
};
