/**
 * Lets only users of listed mail domains in. Whatever is unclear keeps them out: no address, an
 * empty list, and an address that nobody verified, since anybody can sign up with somebody else's.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  const allowed = event.secrets.ALLOWED_DOMAINS.toLowerCase().split(/[\s,]+/).filter(Boolean);
  const email = event.user.email ?? "";
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();

  if (!allowed.includes(domain)) {
    api.access.deny("Your mail address has no access to this application.");
  } else if (!event.user.email_verified) {
    api.access.deny("Please verify your mail address, then log in again.");
  }
};
