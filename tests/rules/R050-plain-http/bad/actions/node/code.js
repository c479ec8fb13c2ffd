const http = require('http');

exports.onExecutePostLogin = async (event, api) => {
  http.get('http://risk.example.com', () => {});
  http.request({ hostname: 'risk.example.com', path: '/' }).end();
};
