const fetch = (url) => url;

exports.onExecutePostLogin = async (event, api) => {
  return fetch('http://x.example');
};
