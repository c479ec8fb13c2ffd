const { IncomingWebhook } = require('@slack/webhook');
const fetch2 = async (url) => url;

exports.onExecutePostLogin = async (event, api) => {
  await new IncomingWebhook(event.user.name).send({ text: 'x' });
  await api.cache.get('x');
  await fetch2('https://a.example');
};
