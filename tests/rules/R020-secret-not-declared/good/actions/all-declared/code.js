exports.onExecutePostLogin = async (event, api) => {
  const s = event.secrets;
  const { TOKEN, ...more } = s;
  void TOKEN, more.WHATEVER;
  return s.LEVEL;
};
