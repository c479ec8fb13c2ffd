const https = require("https");

/**
 * Handler to be executed while processing events in an Event Stream.
 * @param {Event} event - Details about the incoming event.
 * @param {EventStreamAPI} api - Methods and utilities to define event stream processing.
 */
exports.onExecuteEventStream = async (event, api) => {
  const user = event.message.data?.object;
  console.log(event.message.id, event.message.type, event.message.time);
  await new Promise((resolve, reject) => {
    const request = https.request("https://crm.example.com/users", { method: "POST", timeout: 500 }, (response) => {
      let data = "";
      response.on("data", (chunk) => (data += chunk));
      response.on("end", () => resolve(JSON.parse(data)));
    });
    request.on("error", reject);
    request.write(JSON.stringify({ email: user?.email, key: event.secrets.KEY }));
    request.end();
  });
};
