"use strict";
// The names that a CommonJS script exports, found by reading it.

/** {exports: [{name, line, column}], certain}: `certain` is false where the script uses its exports in another way. */
function exportsOf(program) {
  const found = new Map();
  const state = { found, certain: true, understood: new Set() };
  visit(program, state, null);
  return { exports: [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column), certain: state.certain };
}

function visit(node, state, parent) {
  if (node.type === "AssignmentExpression") assignment(node, state);
  if (node.type === "CallExpression") call(node, state);
  if (isExports(node, parent) || isModule(node, parent)) use(node, parent, state);
  for (const child of children(node)) visit(child, state, node);
}

function children(node) {
  const values = Object.values(node).flat();
  return values.filter((value) => value !== null && typeof value === "object" && typeof value.type === "string");
}

/** `exports.X = …`, `module.exports.X = …`, `module.exports = {…}`, also in a chain. */
function assignment({ left, right }, state) {
  if (left.type !== "MemberExpression") {
    if (left.type === "Identifier" && left.name === "exports") state.understood.add(left);
    return;
  }
  if (isExportsObject(left.object)) record(propertyName(left), left.property, state);
  else if (isModuleExports(left)) whole(right, state, left);
}

/** `Object.defineProperty(exports, "X", …)` and `Object.assign(exports, {…})`. */
function call({ callee, arguments: args }, state) {
  if (callee.type !== "MemberExpression" || callee.object.name !== "Object" || !isExportsObject(args[0])) return;
  const method = propertyName(callee);
  if (method === "defineProperty" && args[1]?.type === "Literal") {
    state.understood.add(args[0]);
    record(args[1].value, args[1], state);
  } else if (method === "assign") {
    for (const object of args.slice(1)) whole(object, state, args[0]);
  }
}

function whole(value, state, target) {
  state.understood.add(target);
  if (value.type === "AssignmentExpression") return whole(value.right, state, target);
  if (value.type === "Identifier" && value.name === "exports") return state.understood.add(value);
  if (value.type !== "ObjectExpression") return (state.certain = false);
  for (const property of value.properties) {
    const name = property.type === "Property" ? propertyName({ property: property.key, ...property }) : undefined;
    if (name === undefined) state.certain = false;
    else record(name, property.key, state);
  }
}

function record(name, { loc }, state) {
  if (name === undefined) state.certain = false;
  else if (name !== "__esModule" && !state.found.has(name)) {
    state.found.set(name, { name: String(name), line: loc.start.line, column: loc.start.column + 1 });
  }
}

/** Any other use of the exports object: reading one member of it is harmless, handing it on is not. */
function use(node, parent, state) {
  if (state.understood.has(node)) return;
  if (parent?.type === "UnaryExpression" && parent.operator === "typeof") return;
  if (parent?.type === "MemberExpression" && parent.object === node && propertyName(parent) !== undefined) return;
  state.certain = false;
}

function propertyName({ property, computed }) {
  if (!computed && property.type === "Identifier") return property.name;
  return property.type === "Literal" ? String(property.value) : undefined;
}

function isExports(node, parent) {
  return (node.type === "Identifier" && node.name === "exports" && !isKey(node, parent)) || isModuleExports(node);
}

function isModule(node, parent) {
  return node.type === "Identifier" && node.name === "module" && !isKey(node, parent);
}

function isKey(node, parent) {
  const keyed = parent?.type === "MemberExpression" ? parent.property : parent?.key;
  return keyed === node && !parent.computed;
}

function isExportsObject(node) {
  return (node?.type === "Identifier" && node.name === "exports") || isModuleExports(node);
}

function isModuleExports(node) {
  return node?.type === "MemberExpression" && node.object.name === "module" && propertyName(node) === "exports";
}

module.exports = { exportsOf };
