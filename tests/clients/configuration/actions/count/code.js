const ms = require('ms');

exports.onExecuteCredentialsExchange = async (event, api) => {
  api.accessToken.setCustomClaim('until', ms('1h'));
};
