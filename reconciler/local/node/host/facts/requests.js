"use strict";
// Requests that a script sends: in clear, or awaited for as long as it takes.

const { keyName, propertyName } = require("./program.js");

const VERBS = { __proto__: null, get: 1, delete: 1, head: 1, options: 1, post: 2, put: 2, patch: 2 };
const CHAINED = new Set(["then", "catch", "finally", "json", "text", "buffer"]);
const LOOPBACK = /^http:\/\/(localhost|[^/?#]*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)([:/?#]|$)/i;
const CLIENTS = {
  __proto__: null,
  fetch: { limits: ["signal"] },
  "node-fetch": { limits: ["signal", "timeout"] },
  axios: { limits: ["signal", "timeout"] },
  got: { limits: ["signal", "timeout"] },
};

/** {plain: [{what, at}], untimed: [{what, at}]}. */
function requestsOf(program, flows) {
  const requests = flows.calls.map((each) => sent(program, each)).filter(Boolean);
  const plain = requests.map((request) => ({ request, url: new Text(program).start(request.url, request.base) }));
  const raced = program.all("MemberExpression").some((node) => propertyName(node) === "race");
  return {
    plain: plain
      .filter(({ request, url }) => (/^http:\/\//i.test(url) || request.always) && !LOOPBACK.test(url))
      .map(({ request, url }) => ({ what: host(url), at: program.place(request.url ?? request.call) })),
    untimed: raced
      ? []
      : requests
          .filter(({ call, limited }) => limited === false && isAwaited(program, call))
          .map(({ call, name }) => ({ what: name, at: program.place(call) })),
  };
}

/** The host of an address in clear; what follows it, or stands before it, may be secret. */
function host(url) {
  return /^http:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "";
}

/** Follows the clients that `axios.create({…})` gives: every call of theirs has those options. */
function followClients(flows, program) {
  for (const { path, call } of [...flows.calls]) {
    if (client(path)?.name !== "axios" || client(path).method !== "create") continue;
    flows.value(call, { client: "axios", options: call.arguments[0] });
  }
  flows.run();
}

function client({ root, steps }) {
  const made = typeof root === "object";
  const name = made ? root.client : root;
  const methods = steps.map((step) => step.name).filter((step) => step !== "default");
  if (name === "undici" && methods[0] === "fetch") return { name: "fetch", method: methods[1], made };
  return methods.length < 2 ? { name, method: methods[0], made } : undefined;
}

/** One request: {call, name, url, base, limited, always}; undefined for a call that sends none. */
function sent(program, { path, call }) {
  const { name, method, made } = client(path) ?? {};
  if (/^(node:)?http$/.test(name) && (method === "get" || method === "request")) return overHttp(program, call);
  const known = CLIENTS[name];
  if (!known || (method && !(name === "axios" || name === "got") && method)) return undefined;
  if (method && method !== "request" && !(method in VERBS)) return undefined;
  const [first] = call.arguments;
  const single = first && new Options(program, first);
  const whole = single?.known && (name === "axios" || name === "got");
  const at = name === "axios" && method in VERBS ? VERBS[method] : 1;
  const own = new Options(program, whole ? first : call.arguments[at]);
  const shared = made ? new Options(program, path.root.options) : undefined;
  const url = whole ? (own.get("url") ?? first) : first;
  const limited = own.has(known.limits) || shared?.has(known.limits) || defaulted(program, name) || ownRequest(program, first);
  return { call, name: method ? `${name}.${method}` : name, url, base: own.get("baseURL") ?? shared?.get("baseURL"), limited: limited || false };
}

/** `http.request` is in clear whatever the address is; an object that says who is asked must be written out. */
function overHttp(program, call) {
  const [first] = call.arguments;
  const options = new Options(program, first);
  if (!options.known) return { call, url: first };
  const host = new Text(program).start(options.get("hostname") ?? options.get("host"));
  const local = LOOPBACK.test(`http://${host || "localhost"}`) || options.open;
  return { call, url: local ? undefined : first, always: !local };
}

/** `axios.defaults.timeout = …` holds for every call. */
function defaulted(program, name) {
  return name === "axios" && program.all("MemberExpression").some((node) => propertyName(node) === "defaults");
}

/** A request that was made before, with what limits it, or somewhere else. */
function ownRequest(program, node) {
  const value = node?.type === "Identifier" ? program.constant(node) : node;
  if (value?.type === "NewExpression") return value.callee.name !== "URL";
  return value?.type === "CallExpression" && !/^(toString|concat|replace|join)$/.test(method(value));
}

function method({ callee }) {
  return callee.type === "MemberExpression" ? (propertyName(callee) ?? "") : "";
}

/** An object of options: `known` where it is written out; `open` where it may hold more than what is written. */
class Options {
  constructor(program, node) {
    this.node = node?.type === "Identifier" ? untouched(program, node) : node;
    this.given = node !== undefined;
    this.known = this.node?.type === "ObjectExpression";
    const properties = this.known ? this.node.properties : [];
    this.open = this.known && properties.some((each) => each.type !== "Property" || keyName(each) === undefined);
  }

  get(name) {
    return this.known ? this.node.properties.find((each) => each.type === "Property" && keyName(each) === name)?.value : undefined;
  }

  /** Whether one of the names is given, or may be. */
  has(names) {
    if (!this.given) return false;
    return !this.known || this.open || names.some((name) => this.get(name) !== undefined);
  }
}

/** What an identifier always is, where nothing is put into it and nobody else gets it. */
function untouched(program, identifier) {
  const reads = program.variable(identifier)?.references.filter((reference) => reference.isRead()) ?? [];
  const harmless = reads.every((reference) => {
    const parent = program.parent(reference.identifier);
    return parent.type === "CallExpression" || program.parent(parent)?.left !== parent;
  });
  return harmless && reads.length === 1 ? program.constant(identifier) : undefined;
}

/** How a text begins, as far as the script alone tells. */
class Text {
  constructor(program) {
    this.program = program;
    this.asked = new Set();
  }

  start(node, base) {
    if (!node || this.asked.has(node)) return base ? this.start(base) : "";
    this.asked.add(node);
    const own = this.own(node);
    return base && !/^https?:/i.test(own) ? this.start(base) || own : own;
  }

  own(node) {
    if (node.type === "Literal") return typeof node.value === "string" ? node.value : "";
    if (node.type === "Identifier") return this.start(this.program.constant(node));
    if (node.type === "BinaryExpression") return node.operator === "+" ? this.joined([node.left, node.right]) : "";
    if (node.type === "NewExpression") return node.callee.name === "URL" ? this.start(node.arguments[0], node.arguments[1]) : "";
    if (node.type === "MemberExpression") return this.start(node.object);
    if (node.type === "CallExpression") return method(node) === "toString" ? this.start(node.callee.object) : "";
    return node.type === "TemplateLiteral" ? this.template(node) : "";
  }

  joined([first, ...rest]) {
    const text = this.start(first);
    return rest.length && first.type === "Literal" ? text + this.joined(rest) : text;
  }

  template({ quasis, expressions }) {
    const [{ value }] = quasis;
    if (value.cooked || !expressions.length) return value.cooked ?? "";
    return this.start(expressions[0]);
  }
}

/** Whether the code waits for the very call: directly, after `.then(…)`, or among others in `Promise.all`. */
function isAwaited(program, call) {
  let node = call;
  for (let parent = program.parent(node); parent; parent = program.parent(node)) {
    if (parent.type === "AwaitExpression") return true;
    const chained = parent.type === "MemberExpression" && parent.object === node && CHAINED.has(propertyName(parent));
    const continued = parent.type === "CallExpression" && parent.callee === node;
    const among = parent.type === "ArrayExpression" || (parent.type === "CallExpression" && isAll(parent) && parent.arguments[0] === node);
    if (!chained && !continued && !among && parent.type !== "ChainExpression") return false;
    node = parent;
  }
  return false;
}

function isAll({ callee }) {
  return callee.type === "MemberExpression" && callee.object.name === "Promise" && /^all(Settled)?$/.test(propertyName(callee));
}

module.exports = { followClients, requestsOf };
