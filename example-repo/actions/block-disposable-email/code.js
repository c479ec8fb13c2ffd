const DISPOSABLE = new Set(["mailinator.com", "guerrillamail.com", "10minutemail.com"]);

/** @type {OnExecutePreUserRegistration} */
exports.onExecutePreUserRegistration = async (event, api) => {
  const domain = (event.user.email ?? "").split("@").pop().toLowerCase();
  if (DISPOSABLE.has(domain)) {
    api.access.deny("disposable_email", "Please sign up with a lasting mail address.");
  }
};
