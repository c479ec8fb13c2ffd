exports.onExecutePostLogin = async (event, api) => {
  // reconciler-ignore R050: a box of our own
  const a = 1;
  // reconciler-ignore R051, R050: answers at once
  await fetch('https://a.example');
  return a;
};
