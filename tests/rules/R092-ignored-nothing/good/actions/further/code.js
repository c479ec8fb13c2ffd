exports.onExecutePostLogin = async (event, api) => {
  // reconciler-ignore R051: the gateway in front of it answers within 2 seconds

  // Tells the CRM.
  /* Twice if need be. */
  await fetch('https://crm.example.com/seen');
};
