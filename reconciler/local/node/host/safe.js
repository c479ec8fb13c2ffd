"use strict";
// Any JavaScript value as JSON: what JSON cannot say becomes a string that says what it was.

const { inspect, types } = require("node:util");

const DEPTH = 50;

/** The arguments of a call; undefined at the end is as good as not given. */
function safeArguments(args) {
  let length = args.length;
  while (length && args[length - 1] === undefined) length -= 1;
  return args.slice(0, length).map((value) => safe(value));
}

function safe(value, above = []) {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "undefined":
      return null;
    case "bigint":
      return `${value}n`;
    case "function":
      return `[Function: ${value.name || "anonymous"}]`;
    case "symbol":
      return String(value);
    default:
      return value === null ? null : safeObject(value, above);
  }
}

function safeObject(value, above) {
  if (above.includes(value)) return "[Circular]";
  if (above.length >= DEPTH) return "[Deep]";
  const within = [...above, value];
  try {
    if (typeof value.toJSON === "function") return safe(value.toJSON(), within);
    if (Array.isArray(value)) return value.map((item) => safe(item, within));
    if (types.isNativeError(value)) return `${value.name}: ${value.message}`;
    if (!isPlain(value)) return inspect(value, { depth: 2, breakLength: Infinity });
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, safe(item, within)]));
  } catch {
    return "[Unreadable]";
  }
}

/** Class instances count as plain unless they keep their content where JSON does not look. */
function isPlain(value) {
  return !(types.isMap(value) || types.isSet(value) || types.isRegExp(value) || types.isPromise(value));
}

module.exports = { safeArguments };
