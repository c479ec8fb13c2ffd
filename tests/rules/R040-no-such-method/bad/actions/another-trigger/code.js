exports.onExecutePreUserRegistration = async (event, api) => {
  api.redirect.sendUserTo('https://x.example');
  api.multifactor.enable('any');
};
