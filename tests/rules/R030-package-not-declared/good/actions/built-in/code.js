const fs = require('fs/promises');

exports.onExecutePostLogin = async (event, api) => {
  return [fs, require('stream/web'), require('node:test'), require('_http_agent')];
};
