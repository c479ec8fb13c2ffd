const axois = require('axois');

exports.onExecutePostLogin = async (event, api) => {
  return axois.VERSION;
};
