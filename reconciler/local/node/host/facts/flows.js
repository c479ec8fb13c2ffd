"use strict";
// Follows values through a script by name: where what a handler is given (or a package gives) is read, handed on and
// called, under whatever name. What is handed to code that cannot be followed is told as handed on, never guessed.

const { isFunction, keyName, propertyName, writes } = require("./program.js");

const GLOBALS = ["console", "fetch"];
const GLOBAL_OBJECTS = ["global", "globalThis"];
const COMPARISONS = /^([!=]==?|[<>]=?|instanceof)$/;

/**
 * A path is {root, steps: [{name, node, guarded, spared}]}: `event.secrets.KEY` is root "event" with two steps. `seen` is told
 * of every path that grows, `lost` of every one that is handed to what cannot be followed, `called` of each call.
 */
class Flows {
  constructor(program) {
    this.program = program;
    this.paths = new Map();
    this.steps = [];
    this.lost = [];
    this.calls = [];
    this.work = [];
    this.parameters = new Map();
  }

  /** Follows an expression. */
  value(node, root) {
    this.work.push(() => this.climb(node, { root, steps: [] }));
  }

  /** Follows the globals that the checks are about, and what is read off the global object; a module's `actions` is not. */
  everyGlobal() {
    for (const name of ["actions", ...GLOBALS, ...GLOBAL_OBJECTS]) {
      for (const identifier of this.program.global(name)) this.value(identifier, name);
    }
  }

  /** Follows the parameter of a function. */
  parameter(pattern, root) {
    this.work.push(() => this.bind(pattern, { root, steps: [] }));
  }

  run() {
    do {
      while (this.work.length) this.work.pop()();
      for (const parameter of this.parameters.values()) this.settle(parameter);
    } while (this.work.length);
  }

  /** The path that an expression is, undefined where it is none that is followed. */
  path(node) {
    return this.paths.get(node);
  }

  climb(start, path) {
    let node = start;
    this.paths.set(node, path);
    for (;;) {
      const parent = this.program.parent(node);
      if (parent.type === "MemberExpression" && parent.object === node) {
        const name = propertyName(parent);
        if (name === undefined) return this.lose(path, parent);
        if (this.program.parent(parent).left === parent && assigns(this.program.parent(parent))) return;
        path = this.grown(path, name, parent.property, this.guarded(parent), this.spared(parent));
      } else if (!passes(parent, node)) return this.end(node, parent, path);
      node = parent;
      this.paths.set(node, path);
    }
  }

  grown({ root, steps }, name, node, guarded, spared) {
    if (GLOBAL_OBJECTS.includes(root) && !steps.length && GLOBALS.includes(name)) return { root: name, steps };
    const path = { root, steps: [...steps, { name, node, guarded, spared }] };
    this.steps.push(path);
    return path;
  }

  lose(path, node) {
    this.lost.push({ path, node });
  }

  /** What becomes of a value in the end. */
  end(node, parent, path) {
    if (parent.type === "VariableDeclarator" && parent.init === node) this.bind(parent.id, path);
    else if (parent.type === "AssignmentExpression") this.assigned(node, parent, path);
    else if (isCall(parent)) this.handed(node, parent, path);
    else if (parent.type === "BinaryExpression" && parent.operator === "in") this.asked(parent, path);
    else if (!harmless(parent, node)) this.lose(path, node);
  }

  assigned(node, parent, path) {
    if (parent.left === node) return;
    if (parent.operator === "=" && parent.left.type === "Identifier") this.bind(parent.left, path);
    else this.lose(path, node);
  }

  asked({ left }, path) {
    if (left.type === "Literal") this.grown(path, String(left.value), left, true, true);
    else this.lose(path, left);
  }

  handed(node, call, path) {
    if (call.callee === node) return void this.calls.push({ path, call });
    const target = this.program.function(call.callee);
    const at = call.arguments.indexOf(node);
    const spread = call.arguments.slice(0, at).some(({ type }) => type === "SpreadElement");
    const pattern = target?.params[at];
    if (!pattern || spread || pattern.type === "RestElement" || call.callee.type !== "Identifier") {
      return this.lose(path, node);
    }
    const given = this.parameters.get(pattern) ?? { pattern, variable: this.program.variable(call.callee), from: [] };
    given.from.push({ path, node });
    this.parameters.set(pattern, given);
  }

  /** A parameter is followed where every call of its function hands it the same. */
  settle({ pattern, variable, from }) {
    this.parameters.delete(pattern);
    const uses = variable.references.filter((reference) => !reference.isWrite());
    const called = uses.every(({ identifier }) => this.program.parent(identifier).callee === identifier);
    const [{ path }] = from;
    if (called && uses.length === from.length && from.every((each) => same(each.path, path))) {
      this.work.push(() => this.bind(pattern, path));
    } else for (const each of from) this.lose(each.path, each.node);
  }

  bind(pattern, path) {
    if (pattern.type === "Identifier") this.name(pattern, path);
    else if (pattern.type === "AssignmentPattern") this.bind(pattern.left, path);
    else if (pattern.type === "ObjectPattern") this.unpack(pattern, path);
    else this.lose(path, pattern);
  }

  name(identifier, path) {
    const variable = this.program.variable(identifier);
    if (!variable || variable.defs.length !== 1) return this.lose(path, identifier);
    const parameter = variable.defs[0].type === "Parameter";
    const defaults = variable.references.filter((reference) => reference.isWrite() && reference.init).length;
    if (writes(variable) > (parameter ? defaults : 1)) return this.lose(path, identifier);
    for (const reference of variable.references) {
      if (reference.isRead() && !this.paths.has(reference.identifier)) {
        this.work.push(() => this.climb(reference.identifier, path));
      }
    }
  }

  unpack({ properties }, path) {
    const names = properties.map((each) => (each.type === "Property" ? keyName(each) : undefined));
    properties.forEach((property, at) => {
      if (property.type === "RestElement") {
        if (!names.includes("secrets")) this.lose(path, property);
      } else if (names[at] === undefined) this.lose(path, property);
      else {
        const spared = this.sparedName(property.value);
        this.bind(property.value, this.grown(path, names[at], property.key, spared, spared));
      }
    });
  }

  /** Whether the code goes on without a value: it asks whether there is one, or has another one ready. */
  spared(node) {
    const parent = this.program.parent(node);
    if (parent.type === "MemberExpression" && parent.object === node && parent.optional) return true;
    if (parent.type === "ChainExpression" || parent.type === "AwaitExpression") return this.spared(parent);
    if (parent.type === "VariableDeclarator") return parent.init === node && this.sparedName(parent.id);
    if (parent.type === "UnaryExpression") return parent.operator === "typeof";
    if (parent.type === "BinaryExpression") return [parent.left, parent.right].some(isNothing);
    if (parent.type === "LogicalExpression") return parent.left === node || this.spared(parent);
    return parent.test === node || parent.type === "AssignmentPattern";
  }

  sparedName(pattern) {
    if (pattern.type !== "Identifier") return pattern.type === "AssignmentPattern";
    const references = this.program.variable(pattern)?.references ?? [];
    return references.some((reference) => reference.isRead() && this.spared(reference.identifier));
  }

  /** Whether the code itself asks whether there is such a thing. */
  guarded(node) {
    const parent = this.program.parent(node);
    if (parent.type === "MemberExpression" || isCall(parent)) return Boolean(parent.optional);
    if (parent.type === "ChainExpression") return this.guarded(parent);
    if (parent.type === "UnaryExpression") return /^(typeof|!)$/.test(parent.operator);
    if (parent.type === "LogicalExpression") return parent.left === node;
    return parent.test === node;
  }
}

function assigns({ type, operator }) {
  return type === "AssignmentExpression" && operator === "=";
}

/** Whether the value of the parent is that of the node. */
function passes(parent, node) {
  if (parent.type === "ChainExpression" || parent.type === "AwaitExpression") return true;
  return parent.type === "LogicalExpression" && parent.left === node && parent.operator !== "&&";
}

/** Whether the parent looks at a value and hands it to nobody. */
function harmless(parent, node) {
  if (/^(ExpressionStatement|UnaryExpression)$/.test(parent.type) || parent.test === node) return true;
  if (parent.type === "LogicalExpression") return parent.left === node;
  return parent.type === "BinaryExpression" && COMPARISONS.test(parent.operator);
}

function isNothing({ type, name, value }) {
  return (type === "Identifier" && name === "undefined") || (type === "Literal" && value === null);
}

function isCall({ type }) {
  return type === "CallExpression" || type === "NewExpression";
}

function same(one, other) {
  return one.root === other.root && names(one) === names(other);
}

function names({ steps }) {
  return steps.map(({ name }) => name).join("\n");
}

module.exports = { Flows, isFunction };
