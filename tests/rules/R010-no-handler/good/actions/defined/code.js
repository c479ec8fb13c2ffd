Object.defineProperty(exports, 'onExecutePostLogin', { value: async () => {} });
