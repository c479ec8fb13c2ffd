"use strict";
// The modules of the tenant that a CommonJS script requires by name, found by reading it.

const PREFIX = "actions:";

/** [{name, line, column}] of every `require("actions:NAME")`, in order of place. */
function modulesOf(program) {
  const found = [];
  visit(program, found);
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

function visit(node, found) {
  if (node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "require") {
    record(node.arguments[0], found);
  }
  for (const value of Object.values(node).flat()) {
    if (value !== null && typeof value === "object" && typeof value.type === "string") visit(value, found);
  }
}

function record(argument, found) {
  if (argument?.type !== "Literal" || typeof argument.value !== "string" || !argument.value.startsWith(PREFIX)) return;
  const { line, column } = argument.loc.start;
  found.push({ name: argument.value.slice(PREFIX.length), line, column: column + 1 });
}

module.exports = { modulesOf };
