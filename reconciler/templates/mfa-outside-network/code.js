const { BlockList, isIPv6 } = require("node:net");

/**
 * Asks for a second factor, once in a session, unless the login comes from a trusted network. A
 * list with a mistake fails the login: the log says why.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  // Nobody is there to be asked.
  if (event.transaction?.protocol === "oauth2-refresh-token") return;

  const asked = event.authentication?.methods.some(({ name }) => name === "mfa");
  if (!asked && !listed(event.secrets.TRUSTED_NETWORKS).check(...placed(event.request.ip))) {
    api.multifactor.enable("any", { allowRememberBrowser: false });
  }
};

/** The addresses and networks of a list. IPv4 also fits where it is written as IPv6 (::ffff:203.0.113.9). */
function listed(networks) {
  const list = new BlockList();
  for (const network of networks.split(/[\s,]+/).filter(Boolean)) {
    const [address, bits] = network.split("/");
    const [, family] = placed(address);
    if (bits) list.addSubnet(address, Number(bits), family);
    else list.addAddress(address, family);
  }
  return list;
}

/** @returns {[string, "ipv4" | "ipv6"]} */
function placed(address) {
  return [address, isIPv6(address) ? "ipv6" : "ipv4"];
}
