"use strict";
// Secrets that a script prints: handed to console as they are, inside of something, or under another name.

const { keyName, propertyName, writes } = require("./program.js");
const { holdsSecrets } = require("./secrets.js");

// What comes out of these has the value in it; a part of it, its length or its hash is no longer the secret.
const KEEPING = new Set(["toString", "trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase", "concat", "normalize", "join"]);
const TELLING = new Set(["util.inspect", "util.format", "node:util.inspect", "node:util.format"]);
const ERRORS = /^(|Type|Range)Error$/;
// Written another way, a secret is still one: everybody can undo it.
const ENCODING = new Set(["String", "btoa", "encodeURI", "encodeURIComponent", "escape"]);
const METHODS = new Map([["JSON", /^stringify$/], ["Buffer", /^from$/], ["Object", /^(assign|entries|fromEntries|values)$/]]);

/** [{root, name, method, at}] of what console prints; `name` is empty for all secrets at once. */
function printedOf(program, flows) {
  const carried = new Carried(program, flows);
  const found = [];
  for (const { path, call } of flows.calls) {
    if (path.root !== "console" || path.steps.length !== 1) continue;
    const method = path.steps[0].name;
    for (const argument of method === "assert" ? call.arguments.slice(1) : call.arguments) {
      for (const { root, name, at = argument } of carried.by(argument)) {
        found.push({ root, name, method, at: program.place(at) });
      }
    }
  }
  return found;
}

class Carried {
  constructor(program, flows) {
    this.program = program;
    this.flows = flows;
    this.asked = new Set();
    this.hides = program.all("MemberExpression").some((node) => propertyName(node) === "secrets" && isReplaced(program.parent(node), node));
  }

  /** The secrets in the value of an expression: [{root, name, at}]; `at` where a call of the script's own handed it on. */
  by(node) {
    if (!node || this.asked.has(node)) return [];
    this.asked.add(node);
    const found = this.secret(this.flows.path(node)) ?? this.inside(node);
    this.asked.delete(node);
    return found;
  }

  /** Undefined for what is no path. */
  secret(path) {
    if (!path || !["event", "actions"].includes(path.root)) return undefined;
    if (holdsSecrets(path)) return this.hides ? [] : [{ root: path.root, name: "" }];
    const [first, second] = path.steps;
    return first.name === "secrets" && path.steps.length === 2 ? [{ root: path.root, name: second.name }] : [];
  }

  inside(node) {
    const all = (nodes) => nodes.flatMap((each) => this.by(each));
    switch (node.type) {
      case "Identifier":
        return [...this.by(this.program.constant(node)), ...this.given(node)];
      case "TemplateLiteral":
        return all(node.expressions);
      case "BinaryExpression":
        return node.operator === "+" ? all([node.left, node.right]) : [];
      case "LogicalExpression":
        return all(node.operator === "&&" ? [node.right] : [node.left, node.right]);
      case "ConditionalExpression":
        return all([node.consequent, node.alternate]);
      case "ArrayExpression":
        return all(node.elements);
      case "ObjectExpression":
        return all(remaining(node).map((each) => each.argument ?? each.value));
      case "SpreadElement":
      case "AwaitExpression":
        return this.by(node.argument);
      case "ChainExpression":
        return this.by(node.expression);
      case "MemberExpression":
        return this.by(this.member(node));
      case "NewExpression":
        return ERRORS.test(node.callee.name ?? "-") ? all(node.arguments) : [];
      case "CallExpression":
        return all(this.handedOn(node));
      default:
        return [];
    }
  }

  /** What the calls of a function of the script hand to a parameter of it. */
  given(identifier) {
    const variable = this.program.variable(identifier);
    if (variable?.defs.length !== 1 || variable.defs[0].type !== "Parameter" || writes(variable)) return [];
    const [{ name, node: made, rest }] = variable.defs;
    const at = made.params.findIndex((each) => (rest ? each.argument : each) === name);
    if (at < 0) return [];
    return this.program.callsOf(made).flatMap((call) =>
      call.arguments
        .slice(at, rest ? undefined : at + 1)
        .flatMap((argument) => this.by(argument).map((secret) => ({ at: argument, ...secret }))),
    );
  }

  /** What `object.name` is, where the object is written out in the script. */
  member(node) {
    const object = node.object.type === "Identifier" ? this.program.constant(node.object) : undefined;
    if (object?.type !== "ObjectExpression") return undefined;
    const wanted = propertyName(node);
    return object.properties.find((each) => each.type === "Property" && keyName(each) === wanted)?.value;
  }

  /** Those things handed to a call that stand in what it gives back. */
  handedOn({ callee, arguments: given }) {
    if (ENCODING.has(callee.name) && this.program.isGlobal(callee, callee.name)) return given.slice(0, 1);
    if (callee.type !== "MemberExpression") return this.tells(callee) ? given : [];
    const name = propertyName(callee);
    const { name: object } = callee.object;
    if (METHODS.get(object)?.test(name) && this.program.isGlobal(callee.object, object)) {
      if (object === "JSON") return given[1] && given[1].value !== null ? [] : given.slice(0, 1);
      return name === "assign" ? given : given.slice(0, 1);
    }
    if (this.tells(callee)) return given;
    return KEEPING.has(name) ? [callee.object, ...(name === "concat" ? given : [])] : [];
  }

  tells(callee) {
    const path = this.flows.path(callee);
    return Boolean(path) && TELLING.has([path.root, ...path.steps.map(({ name }) => name)].join("."));
  }
}

/** Whether something is taken away, or something else put there: `delete copy.secrets`. */
function isReplaced({ type, operator, left }, node) {
  return left === node ? type === "AssignmentExpression" : type === "UnaryExpression" && operator === "delete";
}

/** The properties of an object that nothing after them takes the place of: all of `event` without its secrets is none. */
function remaining({ properties }) {
  const covered = properties.findLastIndex((each) => each.type === "Property" && keyName(each) === "secrets");
  return properties.filter((each, at) => each.type === "Property" || at > covered);
}

module.exports = { printedOf };
