exports.hello = 'Hello';
