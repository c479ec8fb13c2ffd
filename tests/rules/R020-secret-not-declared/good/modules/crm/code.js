exports.ask = (event) => actions.secrets.KEY + event.secrets.OF_THE_ACTION;
