"use strict";
// The limits of the SAML response.

const { entrySize, total } = require("./sizes.js");

const size = (value) => (typeof value === "string" ? Buffer.byteLength(value) : entrySize(value));

function samlRules(soFar, limits) {
  const attributes = { ...soFar.saml };
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
  attributes[name] = entrySize(value);
  atMost(method, "attributes", Object.keys(attributes).length, limits.saml_attributes);
  atMost(method, "bytes in all", total(attributes), limits.saml_total_bytes);
}

function atMost(method, what, count, most) {
  if (count > most) throw new Error(`api.${method}: ${what} must not exceed ${most}, got ${count}.`);
}

module.exports = { samlRules };
