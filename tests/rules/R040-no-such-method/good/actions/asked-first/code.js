exports.onExecutePreUserRegistration = async (event, api) => {
  if (api.redirect?.canRedirect?.()) return;
  if (api.prompt) api.prompt.render('x');
  if (typeof api.access.allow === 'function') api.access.allow();
  api.session && api.session.revoke('x');
};
