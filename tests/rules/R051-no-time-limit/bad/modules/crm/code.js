exports.ask = async () => await fetch('https://a.example');
