var axios_1 = __importDefault(require('axios'));
exports.onExecutePostLogin = async () => axios_1.default;
