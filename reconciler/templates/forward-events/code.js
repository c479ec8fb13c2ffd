const { createHmac } = require("node:crypto");

const MOST_MILLISECONDS = 8000;

/**
 * Sends one event. A failure is thrown, so that the stream knows that it did not arrive. The id of
 * the event tells the service what came twice.
 *
 * @type {OnExecuteEventStream}
 */
exports.onExecuteEventStream = async (event) => {
  const { SERVICE_URL, SIGNING_KEY } = event.secrets;
  const body = JSON.stringify(event.message);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", SIGNING_KEY).update(`${timestamp}.${body}`).digest("hex");
  const response = await fetch(SERVICE_URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-event-id": event.message.id,
      "x-timestamp": timestamp,
      "x-signature": `sha256=${signature}`,
    },
    body,
    signal: AbortSignal.timeout(MOST_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`The service answered ${response.status} for ${event.message.id}`);
};
