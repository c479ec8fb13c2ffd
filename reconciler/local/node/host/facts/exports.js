"use strict";
// The names that a CommonJS script exports, found by reading it.

const { keyName, propertyName } = require("./program.js");

/** {exports: [{name, line, column}], certain}: `certain` is false where the script uses its exports in another way. */
function exportsOf(program) {
  const state = { program, found: new Map(), certain: true, understood: new Set() };
  for (const node of program.all("AssignmentExpression")) assignment(node, state);
  for (const node of program.all("CallExpression")) call(node, state);
  for (const node of mentioned(program)) use(node, state);
  const exports = [...state.found].map(([name, node]) => ({ name, ...program.place(node) }));
  return { exports: exports.sort((a, b) => a.line - b.line || a.column - b.column), certain: state.certain };
}

/** `exports.X = …`, `module.exports.X = …`, `module.exports = {…}`, also in a chain. */
function assignment({ left, right }, state) {
  if (state.program.isExports(left)) {
    if (left.type === "Identifier") state.understood.add(left);
    else whole(right, state, left);
  } else if (left.type === "MemberExpression" && state.program.isExports(left.object)) {
    record(propertyName(left), left.property, state);
  }
}

/** `Object.defineProperty(exports, "X", …)` and `Object.assign(exports, {…})`. */
function call({ callee, arguments: args }, state) {
  if (callee.type !== "MemberExpression" || callee.object.name !== "Object") return;
  if (!args[0] || !state.program.isExports(args[0])) return;
  const method = propertyName(callee);
  if (method === "defineProperty" && args[1]?.type === "Literal") {
    state.understood.add(args[0]);
    record(String(args[1].value), args[1], state);
  } else if (method === "assign") {
    for (const object of args.slice(1)) whole(object, state, args[0]);
  }
}

function whole(value, state, target) {
  state.understood.add(target);
  if (value.type === "AssignmentExpression") return whole(value.right, state, target);
  if (value.type === "Identifier" && state.program.isExports(value)) return void state.understood.add(value);
  if (value.type !== "ObjectExpression") return void (state.certain = false);
  for (const property of value.properties) {
    record(property.type === "Property" ? keyName(property) : undefined, property.key, state);
  }
}

function record(name, node, state) {
  if (name === undefined) state.certain = false;
  else if (name !== "__esModule" && !(state.found.get(name)?.start < node.start)) state.found.set(name, node);
}

function mentioned(program) {
  const modules = program.global("module");
  const wholes = modules.map((node) => program.parent(node)).filter((node) => program.isExports(node));
  return [...program.global("exports"), ...modules, ...wholes];
}

/** Any other use of the exports object: reading one member of it is harmless, handing it on is not. */
function use(node, state) {
  if (state.understood.has(node)) return;
  const parent = state.program.parent(node);
  if (parent.type === "UnaryExpression" && parent.operator === "typeof") return;
  if (parent.type === "MemberExpression" && parent.object === node && propertyName(parent) !== undefined) return;
  state.certain = false;
}

module.exports = { exportsOf };
