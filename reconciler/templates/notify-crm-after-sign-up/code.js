const MOST_MILLISECONDS = 8000;

/**
 * Creates a contact in the CRM. Nobody waits for it, so a failure is thrown: the tenant log has it
 * then.
 *
 * @type {OnExecutePostUserRegistration}
 */
exports.onExecutePostUserRegistration = async (event) => {
  const { user_id, email, name, created_at } = event.user;
  const response = await fetch(event.secrets.CRM_URL, {
    method: "POST",
    headers: {
      authorization: `Bearer ${event.secrets.CRM_TOKEN}`,
      "content-type": "application/json",
      // Sent again, it is still one contact.
      "idempotency-key": user_id,
    },
    body: JSON.stringify({ external_id: user_id, email, name, created_at }),
    signal: AbortSignal.timeout(MOST_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`The CRM answered ${response.status} for ${user_id}`);
};
