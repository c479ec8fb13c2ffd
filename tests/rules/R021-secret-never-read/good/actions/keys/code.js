exports.onExecutePostLogin = async (event, api) => {
  for (const name in event.secrets) if (!name) return;
  return { ...event.secrets };
};
