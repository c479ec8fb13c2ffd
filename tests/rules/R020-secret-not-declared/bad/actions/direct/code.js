exports.onExecutePostLogin = async (event, api) => {
  void event.secrets.TOKEN, event.secrets.LEVEL;
  if (!event.secrets.TOKN) return;
  const a = event.secrets['LEVL'];
  void a, event?.secrets?.OTHER;
};
