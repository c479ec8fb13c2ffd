const dates = require('actions:dates');

exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('d', dates.year(event));
};
