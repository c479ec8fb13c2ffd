"use strict";
// The functions of a script that are handlers: what they are given is what the platform gives.

const { isFunction, keyName, propertyName } = require("./program.js");

const EXPORTED = /^on[A-Z]/;
const NAMED = /^on(Execute|Continue)[A-Z]/;

/** {functions, all}: `all` is false where something else may be a handler, or be given the same. */
function handlersOf(program) {
  const found = { functions: new Set(), all: true };
  const take = (value) => {
    const made = program.function(value);
    if (made) found.functions.add(made);
    else found.all = false;
  };
  for (const { left, right } of program.all("AssignmentExpression")) {
    if (left.type !== "MemberExpression") continue;
    if (EXPORTED.test(propertyName(left) ?? "") && program.isExports(left.object)) take(right);
    if (program.isExports(left)) for (const value of members(right)) take(value);
  }
  for (const made of bundled(program)) found.functions.add(made);
  if (!found.functions.size || program.global("arguments").length) found.all = false;
  return found;
}

/** Bundlers export by functions of their own; the name of a handler is left as it is. */
function bundled(program) {
  const declared = program.all("FunctionDeclaration").filter(({ id }) => NAMED.test(id?.name ?? ""));
  const assigned = program.all("VariableDeclarator").filter(({ id, init }) => NAMED.test(id.name ?? "") && isFunction(init));
  return [...declared, ...assigned.map(({ init }) => init)];
}

function members(value) {
  if (value.type !== "ObjectExpression") return [];
  return value.properties.filter((each) => each.type === "Property" && EXPORTED.test(keyName(each) ?? "")).map((each) => each.value);
}

module.exports = { handlersOf };
