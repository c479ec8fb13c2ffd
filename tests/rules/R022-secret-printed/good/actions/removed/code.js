exports.onExecutePostLogin = async (event, api) => {
  const told = { ...event };
  delete told.secrets;
  console.log(told);
  void event.secrets.TOKEN;
};
