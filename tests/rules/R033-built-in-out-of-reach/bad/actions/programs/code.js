const { execSync } = require('child_process');
const { Worker } = require('node:worker_threads');
void Worker;

exports.onExecutePostLogin = async (event, api) => {
  return execSync('hostname').toString();
};
