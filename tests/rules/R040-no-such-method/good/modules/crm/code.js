exports.refuse = (api) => api.access.denyy('x');
