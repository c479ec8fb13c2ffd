class Box { constructor() { this.secrets = {}; } }
exports.onExecutePostLogin = async (event) => {
  void [event.secrets.TOKEN, event.secrets.LEVEL];
  const config = { secrets: { OWN: 1 } };
  let secrets = event.secrets;
  secrets = { MINE: 1 };
  void [secrets.MINE, config.secrets.OWN, new Box().secrets.X];
  const event2 = { secrets: { B: 1 } };
  return ((event) => event.secrets.B)(event2) + pick(event.secrets) + pick({ FREE: 1 });
};
function pick(from) {
  return from.FREE;
}
