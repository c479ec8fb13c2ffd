exports.onExecutePostLogin = async (event, api) => {
  const name = 'actions:' + 'crm';
  return require(name);
};
