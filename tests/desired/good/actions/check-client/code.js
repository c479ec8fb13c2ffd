exports.onExecuteCredentialsExchange = async (event, api) => {
  if (!event.client.metadata.team) api.access.deny("invalid_request", "A client must have a team.");
};
