"use strict";
// Whether the arguments of a call are what the catalogue says of its method; the words are ours.

const IS = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
const ANY = "any JSON value";
const SCALARS = "string | number | boolean | null | array of those";

/** Throws a TypeError that names the method and the parameter. */
function checkArguments(method, params, args) {
  params.forEach((param, index) => check(method, param.name, param, args[index]));
}

function check(method, path, param, value) {
  if (param.type === ANY) return;
  if (value === undefined || (value === null && param.optional)) {
    if (!param.optional) refuse(method, path, `must be ${worded(param.type)}, got nothing`);
    return;
  }
  if (!fits(param.type, value)) refuse(method, path, `must be ${worded(param.type)}, got ${shown(value)}`);
  if (param.choices.length && !param.choices.includes(value)) {
    refuse(method, path, `must be one of ${param.choices.join(", ")}, got ${shown(value)}`);
  }
  if (!IS.object(value)) return;
  for (const each of param.properties) check(method, `${path}.${each.name}`, each, value[each.name]);
}

function fits(type, value) {
  if (type === SCALARS) return Array.isArray(value) ? value.every(isScalar) : isScalar(value);
  if (type.endsWith("[]")) return Array.isArray(value) && value.every((item) => fits(type.slice(0, -2), item));
  return type.split(" | ").some((name) => IS[name](value));
}

function isScalar(value) {
  return IS.string(value) || IS.number(value) || IS.boolean(value) || value === null;
}

function worded(type) {
  if (type.endsWith("[]")) return `an array of ${type.slice(0, -2)}s`;
  return type.includes(" | ") ? type.replaceAll(" | ", " or ") : `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

/** What was given, without the value itself, which may be a secret; a short choice that was mistyped is shown. */
function shown(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return worded(typeof value);
}

function refuse(method, path, what) {
  throw new TypeError(`api.${method}: ${path} ${what}.`);
}

module.exports = { checkArguments };
