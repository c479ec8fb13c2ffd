exports.onExecutePostLogin = async ({ secrets: { TOKEN, TOKEEN: t = '' }, secrets }) => {
  const s = secrets;
  const { LEVEL, ...rest } = s;
  void [t, TOKEN, LEVEL, rest];
  const { LEVELL } = s ?? {};
  if ('TOKKEN' in s) return LEVELL;
};
