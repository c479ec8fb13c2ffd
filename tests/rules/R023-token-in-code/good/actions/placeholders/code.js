exports.onExecutePostLogin = async (event, api) => {
  const a = 'xoxb-xxxxxxxxxxxx-xxxxxxxxxxxx';
  const b = 'AKIAIOSFODNN7EXAMPLE';
  const c = '-----BEGIN PRIVATE KEY-----\n' + event.user.name;
  const d = 'https://hooks.slack.com/services/T0/B0/xyz';
  const e = '0123456789abcdef0123456789abcdef01234567';
  return [a, b, c, d, e, 'sk_test_'];
};
