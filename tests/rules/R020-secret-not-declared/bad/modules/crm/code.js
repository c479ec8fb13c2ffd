exports.ask = () => [actions.secrets.KEY, actions.secrets.KEI];
