const { IncomingWebhook } = require("@slack/webhook");

/**
 * Tells Slack who logged in. A Slack that does not answer keeps nobody out.
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const webhook = new IncomingWebhook(event.secrets.SLACK_WEBHOOK_URL);
  try {
    await webhook.send({ text: `${event.user.email} logged in` });
    if (event.secrets.LOG_LEVEL !== "silent") console.log("Slack was told");
  } catch (error) {
    console.error("Slack was not told:", error.message);
  }
};
