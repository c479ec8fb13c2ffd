exports.onExecutePostLogin = async (event, api) => {
  using file = { [Symbol.dispose]() {} };
  void file;
};
