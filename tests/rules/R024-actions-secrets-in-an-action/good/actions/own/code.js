exports.onExecutePostLogin = async (event, api) => {
  const actions = { secrets: { A: 1 } };
  void event.secrets.TOKEN, event.secrets.LEVEL;
  return actions.secrets.A;
};
