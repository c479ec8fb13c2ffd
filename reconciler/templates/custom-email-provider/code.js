const MOST_MILLISECONDS = 8000;

/**
 * Sends one message. What may pass by itself is tried again by the platform; what is wrong with the
 * message is given up.
 *
 * @type {OnExecuteCustomEmailProvider}
 */
exports.onExecuteCustomEmailProvider = async (event, api) => {
  const { from, to, subject, html, text } = event.notification;
  let response;
  try {
    response = await fetch("https://api.postmarkapp.com/email", {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "x-postmark-server-token": event.secrets.POSTMARK_TOKEN,
      },
      body: JSON.stringify({
        From: from,
        To: to,
        Subject: subject,
        HtmlBody: html,
        TextBody: text,
        MessageStream: event.secrets.MESSAGE_STREAM,
      }),
      signal: AbortSignal.timeout(MOST_MILLISECONDS),
    });
  } catch (error) {
    // It may have been sent all the same; two mails are better than none.
    api.notification.retry(`Postmark was not reached: ${reason(error)}`);
    return;
  }
  if (response.ok) return;
  const refusal = `Postmark answered ${response.status}`;
  if (response.status === 429 || response.status >= 500) api.notification.retry(refusal);
  else api.notification.drop(refusal);
};

/** Why a request failed. */
const reason = (error) => error.cause?.code ?? error.name;
