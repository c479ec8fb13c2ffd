exports.onExecutePostLogin = async (event) => ask(event.user.email);
async function ask(email) {
  try {
    return await fetch(`https://a.example/${email}`);
  } catch {
    return null;
  }
}
