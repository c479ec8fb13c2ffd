const crypto = require("crypto");

/**
 * Handler to be executed while sending an email notification.
 * @param {Event} event - Details about the user and the context in which they are logging in.
 * @param {CustomEmailProviderAPI} api - Methods and utilities to help change the behavior of sending a email notification.
 */
exports.onExecuteCustomEmailProvider = async (event, api) => {
  const message = {
    from: event.notification.from,
    to: event.notification.to || event.user.email,
    subject: event.notification.subject,
    html: event.notification.html,
  };
  const signature = crypto.createHmac("sha256", event.secrets.KEY).update(JSON.stringify(message)).digest("hex");
  try {
    const response = await fetch("https://mail.example.com/send", {
      method: "POST",
      headers: { "X-Signature": signature, Authorization: "Basic " + Buffer.from(`a:b`).toString("base64") },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(5000),
    });
    if (response.status >= 500) return api.notification.retry(`mail answers ${response.status}`);
    if (!response.ok) api.notification.drop(await response.text());
  } catch (err) {
    api.notification.retry(err.message);
  }
};
