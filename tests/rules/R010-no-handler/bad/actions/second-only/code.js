exports.onContinuePostLogin = async (event, api) => {};
