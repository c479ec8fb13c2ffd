exports.spare = true;
