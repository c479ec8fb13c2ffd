var __toCommonJS = (m) => m;
var index = {};
module.exports = __toCommonJS(index);
