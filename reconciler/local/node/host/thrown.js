"use strict";
// What the code threw, as data: name, message, stack, and the place in code.js.

const { inspect } = require("node:util");

/** What Node advises where its permission model refuses: nobody here can give it that flag. */
const FLAG = / Use --allow-\S+ to manage permissions\./;

function thrown(value, run) {
  try {
    if (!isError(value)) return { name: "Thrown", message: text(value, run), stack: "", line: 0, column: 0 };
    const stack = String(value.stack ?? "");
    const message = run.clean(String(value.message).replace(FLAG, "") + causes(value));
    return { name: String(value.name), message, stack: run.clean(stack).trim(), ...place(stack, run.file) };
  } catch (error) {
    return { name: "Thrown", message: "the code threw a value that cannot be read", stack: "", line: 0, column: 0 };
  }
}

function isError(value) {
  return value instanceof Error || (typeof value === "object" && value !== null && typeof value.message === "string");
}

function text(value, run) {
  return typeof value === "string" ? value : run.clean(inspect(value, { depth: 4 }));
}

/** fetch says only "fetch failed"; why is in the chain of causes. */
function causes(error) {
  const parts = [];
  for (let cause = error.cause; isError(cause) && parts.length < 5; cause = cause.cause) {
    const reason = String(cause.message || cause.code || cause.name);
    if (!parts.includes(reason) && !String(error.message).includes(reason)) parts.push(reason);
  }
  return parts.length ? ` (cause: ${parts.join("; ")})` : "";
}

function place(stack, file) {
  if (stack.startsWith(file + ":")) return syntaxPlace(stack, file);
  const from = stack.indexOf(file + ":");
  const [line, column] = from < 0 ? [] : stack.slice(from + file.length + 1).split(/\D/, 2);
  return { line: Number(line ?? 0), column: Number(column ?? 0) };
}

/** A syntax error shows the line with a caret below it instead of a frame. */
function syntaxPlace(stack, file) {
  const [head, , carets] = stack.split("\n", 3);
  return { line: Number(head.slice(file.length + 1)), column: (carets ?? "").indexOf("^") + 1 || 1 };
}

module.exports = { thrown };
