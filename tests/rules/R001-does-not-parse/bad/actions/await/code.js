const x = await fetch('https://a.example');
exports.onExecutePostLogin = async () => x;
