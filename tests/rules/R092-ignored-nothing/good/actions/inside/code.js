exports.onExecutePostLogin = async (event, api) => {
  return await fetch(/* reconciler-ignore R050, R051: a box of our own */ 'http://a.example');
};
