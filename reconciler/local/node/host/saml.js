"use strict";
// The limits of the SAML response.

const size = (value) => Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value) ?? "");

function samlRules(soFar, limits) {
  const attributes = { ...soFar.saml?.attributes };
  const found = { "samlResponse.setAttribute": (name, value) => setAttribute(attributes, name, value, limits) };
  for (const [name, most] of Object.entries(limits.saml_bytes)) {
    const method = `samlResponse.${name}`;
    found[method] = (value) => {
      for (const each of Array.isArray(value) ? value : [value]) atMost(method, "bytes", size(each), most);
      if (Array.isArray(value)) atMost(method, "probes", value.length, limits.saml_probes);
    };
  }
  return found;
}

function setAttribute(attributes, name, value, limits) {
  const method = "samlResponse.setAttribute";
  atMost(method, "bytes of a name", size(name), limits.saml_name_bytes);
  atMost(method, "bytes of a value", size(value), limits.saml_value_bytes);
  const all = { ...attributes, [name]: value };
  atMost(method, "attributes", Object.keys(all).length, limits.saml_attributes);
  const total = Object.entries(all).reduce((sum, [key, item]) => sum + size(key) + size(item), 0);
  atMost(method, "bytes in all", total, limits.saml_total_bytes);
  attributes[name] = value;
}

function atMost(method, what, count, most) {
  if (count > most) throw new Error(`api.${method}: ${what} must not exceed ${most}, got ${count}.`);
}

module.exports = { samlRules };
