exports.ask = () => 1;
