exports.onExecutePostLogin = async (event, api) => {
  return await fetch('https://a.example'); // reconciler-ignore R051: answers at once
};
