exports.onExecutePostLogin = async ({ secrets }, api) => {
  console.log(encodeURIComponent(secrets.TOKEN), btoa(secrets.TOKEN));
  console.log(Buffer.from(secrets.TOKEN).toString('base64'));
  console.log(Object.entries(secrets));
};
