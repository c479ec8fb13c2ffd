const words = require('actions:words');

exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('greeting', `${words.hello}, ${event.user.email}`);
};
