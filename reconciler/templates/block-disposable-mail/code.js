const DISPOSABLE = new Set([
  "10minutemail.com",
  "dispostable.com",
  "getnada.com",
  "guerrillamail.com",
  "maildrop.cc",
  "mailinator.com",
  "mintemail.com",
  "sharklasers.com",
  "temp-mail.org",
  "tempmail.dev",
  "throwawaymail.com",
  "trashmail.com",
  "yopmail.com",
]);

/**
 * Refuses sign-ups with a throw-away address. Who signs up without an address (by phone) is not
 * asked for one.
 *
 * @type {OnExecutePreUserRegistration}
 */
exports.onExecutePreUserRegistration = async (event, api) => {
  const email = event.user.email ?? "";
  const labels = email.slice(email.lastIndexOf("@") + 1).toLowerCase().split(".");
  // Such services take mail for any subdomain as well.
  if (labels.some((_, at) => DISPOSABLE.has(labels.slice(at).join(".")))) {
    api.access.deny("disposable_email", "Please sign up with a lasting mail address.");
  }
};
