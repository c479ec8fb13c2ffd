const { Client } = { Client: class { send() {} } };

exports.onExecutePostLogin = async (event, api) => {
  const client = new Client(event);
  return client.send();
};
