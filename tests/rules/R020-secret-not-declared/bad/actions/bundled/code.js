var onExecutePostLogin = async (event) => {
  void event.secrets.TOKEN;
  void event.secrets.LEVEL;
  return event.secrets.TOLKEN;
};
module.exports = __toCommonJS({ onExecutePostLogin: () => onExecutePostLogin });
