class Login {
  constructor(event) {
    this.event = event;
  }
  run() {
    return this.event.secrets.TOKEN;
  }
}
exports.onExecutePostLogin = async (event) => new Login(event).run();
