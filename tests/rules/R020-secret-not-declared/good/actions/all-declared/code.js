exports.onExecutePostLogin = async (event, api) => {
  const s = event.secrets;
  if (!event.secrets.hasOwnProperty('TOKEN')) return;
  const { TOKEN, ...more } = s;
  void TOKEN, more.WHATEVER;
  return s.LEVEL;
};
