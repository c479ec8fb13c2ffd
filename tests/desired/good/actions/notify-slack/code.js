const { IncomingWebhook } = require("@slack/webhook");

exports.onExecutePostLogin = async (event, api) => {
  await new IncomingWebhook(event.secrets.SLACK_WEBHOOK_URL).send({ text: `${event.user.email} logged in` });
};
