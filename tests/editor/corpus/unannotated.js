"use strict";

const Redis = require("ioredis");
const { ManagementClient } = require("auth0");
let client;

/**
 * Counts sessions.
 *
 * @param event https://auth0.com/docs/customize/actions
 * @param api https://auth0.com/docs/customize/actions
 * @returns {Promise<void>}
 */
exports.onExecutePostLogin = async (event, api) => {
  const { REDIS_URL, MAX_SESSIONS } = event.secrets || {};
  client = client || new Redis(REDIS_URL);
  async function count(sub, options) {
    const found = [];
    let cursor = "0";
    do {
      const reply = await client.scan(cursor, "MATCH", `${sub}:*`);
      cursor = reply[0];
      found.push(...reply[1]);
    } while (cursor !== "0");
    return found.length;
  }
  const management = new ManagementClient({ domain: event.secrets.DOMAIN });
  await management.users.update({ id: event.user.user_id }, { app_metadata: {} });
  if ((await count(event.user.user_id)) > MAX_SESSIONS) api.access.deny("too many sessions");
};

module.exports.helper = function (first, second) {
  return first - second;
};
