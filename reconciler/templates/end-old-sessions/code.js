const MOST_MILLISECONDS = 5000;
const TOKEN = "management-token";

/**
 * Ends what somebody may have begun with the old password. Nobody waits for it, so a failure is
 * thrown: the tenant log has it then.
 *
 * @type {OnExecutePostChangePassword}
 */
exports.onExecutePostChangePassword = async (event, api) => {
  const { user_id } = event.user;
  if (!user_id) throw new Error("The platform did not say whose password changed");

  const token = await managementToken(event.secrets, api);
  const end = async (kind) => {
    const url = `https://${event.secrets.DOMAIN}/api/v2/users/${encodeURIComponent(user_id)}/${kind}`;
    const response = await fetch(url, {
      method: "DELETE",
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(MOST_MILLISECONDS),
    });
    // A token that is refused must not be kept until its time is over.
    if (response.status === 401) api.cache.delete(TOKEN);
    if (!response.ok) throw new Error(`The ${kind} of ${user_id} were not ended: ${response.status}`);
  };
  // What becomes of one keeps nobody from ending the other.
  for (const ended of await Promise.allSettled([end("sessions"), end("refresh-tokens")])) {
    if (ended.status === "rejected") throw ended.reason;
  }
};

/** A token for the Management API, kept until shortly before its end: a tenant gives so many. */
async function managementToken({ DOMAIN, CLIENT_ID, CLIENT_SECRET }, api) {
  const kept = api.cache.get(TOKEN);
  if (kept) return kept.value;

  const response = await fetch(`https://${DOMAIN}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      audience: `https://${DOMAIN}/api/v2/`,
    }),
    signal: AbortSignal.timeout(MOST_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`There is no token for the Management API: ${response.status}`);
  const { access_token, expires_in } = await response.json();
  api.cache.set(TOKEN, access_token, { ttl: (expires_in - 60) * 1000 });
  return access_token;
}
