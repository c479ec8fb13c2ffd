exports.onExecutePostLogin = async (event, api) => {
  // event.secrets.TOKEN was read here
  return { TOKEN: event.secrets.LEVEL };
};
