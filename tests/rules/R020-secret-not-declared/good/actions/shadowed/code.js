exports.onExecutePostLogin = async (event, api) => {
  void [event.secrets.TOKEN, event.secrets.LEVEL];
  for (const event of [{ secrets: { C: 1 } }]) void event.secrets.C;
  event.secrets.hasOwn = undefined;
  return [1].map((api) => api.foo);
};
