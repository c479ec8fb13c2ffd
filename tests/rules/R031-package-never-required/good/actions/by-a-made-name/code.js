exports.onExecutePostLogin = async (event, api) => {
  const name = 'ax' + 'ios';
  return require(name);
};
