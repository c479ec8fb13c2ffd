exports.onExecutePostLogin = async (event, api) => {
  return require('knex')({ client: 'pg' });
};
