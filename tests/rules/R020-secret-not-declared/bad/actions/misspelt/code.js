exports.onExecutePostLogin = async (event, api) => {
  return `Bearer ${event.secrets.CRM_TOKN}`;
};
