exports.onExecutePostLogin = async (event, api) => {
  const path = './greet';
  return path + '../x';
};
