const MOST_MILLISECONDS = 8000;

/**
 * Sends one message, as text or as a call. What may pass by itself is tried again by the platform;
 * what is wrong with the message is given up.
 *
 * @type {OnExecuteCustomPhoneProvider}
 */
exports.onExecuteCustomPhoneProvider = async (event, api) => {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM } = event.secrets;
  const { recipient, as_text, as_voice, delivery_method } = event.notification;
  const [kind, content] =
    delivery_method === "voice"
      ? ["Calls", { Twiml: `<Response><Say>${escaped(as_voice)}</Say></Response>` }]
      : ["Messages", { Body: as_text }];
  let response;
  try {
    response = await fetch(`https://api.twilio.com/2010-04-01/Accounts/${TWILIO_ACCOUNT_SID}/${kind}.json`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`)}` },
      body: new URLSearchParams({ To: recipient, From: TWILIO_FROM, ...content }),
      signal: AbortSignal.timeout(MOST_MILLISECONDS),
    });
  } catch (error) {
    // It may have been sent all the same; the code in it is good twice.
    api.notification.retry(`Twilio was not reached: ${reason(error)}`);
    return;
  }
  if (response.ok) return;
  const refusal = `Twilio answered ${response.status}`;
  if (response.status === 429 || response.status >= 500) api.notification.retry(refusal);
  else api.notification.drop(refusal);
};

const XML = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escaped = (text) => text.replace(/[&<>]/g, (sign) => XML[sign]);

/** Why a request failed. */
const reason = (error) => error.cause?.code ?? error.name;
