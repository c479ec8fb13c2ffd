const { BlockList, isIPv6 } = require("node:net");

/**
 * Lets people in from listed networks only. A list with a mistake lets nobody in: the login fails,
 * and the log says why.
 *
 * @type {OnExecutePostLogin}
 */
exports.onExecutePostLogin = async (event, api) => {
  if (!listed(event.secrets.ALLOWED_NETWORKS).check(...placed(event.request.ip))) {
    api.access.deny("You cannot log in from this network.");
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
