const MOST_MILLISECONDS = 3000;

/**
 * Tells Slack who logged in for the first time. A Slack that does not answer keeps nobody out.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event) => {
  // An application that renews its tokens runs this as well, and the count stays as it is.
  const renewal = event.transaction?.protocol === "oauth2-refresh-token";
  if (event.stats.logins_count !== 1 || renewal) return;

  const who = plain(event.user.email ?? event.user.user_id);
  const where = plain(event.client.name);
  try {
    const response = await fetch(event.secrets.SLACK_WEBHOOK_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: `${who} logged in to ${where} for the first time` }),
      signal: AbortSignal.timeout(MOST_MILLISECONDS),
    });
    if (!response.ok) console.error(`Slack answered ${response.status}`);
  } catch (error) {
    console.error(`Slack was not reached: ${reason(error)}`);
  }
};

/** Text in which Slack sees no mention and no link. */
const plain = (text) => text.replace(/[&<>]/g, (sign) => ESCAPED[sign]);

const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Why a request failed. Not the message: it may hold the address, which is a secret. */
const reason = (error) => error.cause?.code ?? error.name;
