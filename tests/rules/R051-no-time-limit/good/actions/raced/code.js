exports.onExecutePostLogin = async () => Promise.race([ask(), late()]);
const ask = async () => (await fetch('https://a.example')).json();
const late = () => new Promise((resolve) => setTimeout(resolve, 3000));
