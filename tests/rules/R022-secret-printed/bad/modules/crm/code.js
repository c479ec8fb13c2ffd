exports.ask = () => console.log(actions.secrets.KEY);
