import axios from 'axios';
exports.onExecutePostLogin = async () => axios;
