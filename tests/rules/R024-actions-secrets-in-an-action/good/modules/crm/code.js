const { KEY } = actions.secrets;
exports.key = () => KEY;
