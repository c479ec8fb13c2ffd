exports.onExecutePostLogin = async ({ secrets: { TOKEN, LEVEL } }) => {
  report(LEVEL, TOKEN);
};
function report(level, token) {
  if (level) console.log(token ? token : 'none');
}
