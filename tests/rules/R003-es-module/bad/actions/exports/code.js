const a = 1;
export const onExecutePostLogin = async () => a;
