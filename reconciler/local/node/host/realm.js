"use strict";
// What the code of a case can reach and change: kept as it was before a case could reach it, and put back after each.
//
// Looking at all of it takes milliseconds, so only those parts are looked at that the sources of a case can reach: what
// literals lead to always, a global or a built-in module where a source holds its name. A source that goes about it in
// another way (SIDEWAYS) has everything looked at, by its descriptors.
//
// After a case nothing can be trusted that the case could replace: only what is taken here, in loops over indices.

const { outside } = require("./run.js");

const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty, deleteProperty } = Reflect;
const { getPrototypeOf, setPrototypeOf, isExtensible } = Reflect;
const { is, keys: enumerable } = Object;
const isView = ArrayBuffer.isView;
const known = new Map();
const recordOf = Map.prototype.get.bind(known);
const learn = Map.prototype.set.bind(known);
const Found = Set;
const { has: holds, add } = Set.prototype;

const SIDEWAYS = new RegExp(
  "\\b(?:globalThis|global|self|eval|Function|Reflect|Symbol|getOwnProperty\\w+|getPrototypeOf|setPrototypeOf|__\\w+__" +
    "|defineProperty|defineProperties|freeze|seal|preventExtensions|getBuiltinModule|binding)\\b" +
    "|\\.\\s*constructor\\b|[\"'`]constructor",
);
const WORDS = /[A-Za-z_$][\w$]*/g;
const ALWAYS = ["Object", "Function", "Array", "String", "Number", "Boolean", "BigInt", "Symbol", "RegExp", "Promise", "Error"];
const BARE = 2;
// Reading these, even their descriptors, loads what they are made of. They are read when a source names them.
const UNREAD = /^(?:fetch|FormData|Headers|Request|Response|MessageEvent|WebSocket|CloseEvent|EventSource)$|Stream|Queuing/;
// Appears on globalThis, for good, with the first of those; outgoing.js takes care of what is in it.
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/** One object: its properties and what else can be changed of it. `plain` is a function without properties of its own. */
function record(object) {
  const keys = ownKeys(object);
  const descriptors = [];
  const values = [];
  for (let at = 0; at < keys.length; at++) {
    if (object === globalThis && isUnread(keys[at])) continue;
    descriptors[at] = getOwnPropertyDescriptor(object, keys[at]);
    values[at] = descriptors[at].value;
  }
  const shown = enumerable(object).length;
  const plain = typeof object === "function" && keys.length === BARE && !shown;
  const prototype = getPrototypeOf(object);
  return { object, keys, descriptors, values, shown, plain, prototype, open: isExtensible(object) };
}

/** The records of everything that can be reached from there, but for what is looked at `always` and what is `left`; what
 * is reached in other ways, too, has one record for all. `made` hears of each new one. */
function kept(start, left, made) {
  const records = [];
  const found = new Found();
  const stack = [start];
  for (let top = 1; top > 0; ) {
    const object = stack[--top];
    if (!isObject(object) || apply(holds, found, [object]) || apply(holds, left, [object]) || isView(object)) continue;
    apply(add, found, [object]);
    const one = recordOf(object) ?? learned(object, made);
    if (one.always) continue;
    records[records.length] = one;
    stack[top++] = one.prototype;
    for (let at = 0; at < one.keys.length; at++) {
      if (!one.descriptors[at]) continue;
      const { value, get, set } = one.descriptors[at];
      stack[top++] = value;
      stack[top++] = get;
      stack[top++] = set;
    }
  }
  return records;
}

function learned(object, made) {
  const one = record(object);
  learn(object, one);
  made[made.length] = one;
  return one;
}

function isObject(value) {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/** Whether it differs in what assigning and deleting can change; the rest takes a word that counts as sideways. */
function differs(one) {
  const { object, keys, values, descriptors } = one;
  if (one.shown > 0) {
    if (enumerable(object).length !== one.shown) return true;
  } else {
    for (const key in object) return true; // costs a tenth, and tells what it inherits, too: then it is looked at in full
  }
  if (one.plain) return false;
  for (let at = 0; at < keys.length; at++) {
    if (!descriptors[at]) continue;
    if (descriptors[at].get || descriptors[at].set) {
      const now = getOwnPropertyDescriptor(object, keys[at]);
      if (now?.get !== descriptors[at].get || now.set !== descriptors[at].set) return true;
    } else if (!is(object[keys[at]], values[at])) {
      return true;
    }
  }
  return false;
}

/** Whether it differs in anything. */
function differsAtAll(one) {
  const { object, keys, descriptors } = one;
  if (isExtensible(object) !== one.open || getPrototypeOf(object) !== one.prototype) return true;
  const now = ownKeys(object);
  if (now.length !== keys.length) return true;
  for (let at = 0; at < keys.length; at++) {
    if (descriptors[at] && !same(getOwnPropertyDescriptor(object, keys[at]), descriptors[at])) return true;
  }
  return false;
}

function same(a, b) {
  if (!a || a.enumerable !== b.enumerable || a.configurable !== b.configurable) return false;
  return a.get === b.get && a.set === b.set && a.writable === b.writable && is(a.value, b.value);
}

/** Puts one object back; false where something of it cannot be. */
function putBack(one) {
  const { object, keys, descriptors } = one;
  if (one.open && !isExtensible(object)) return false;
  if (getPrototypeOf(object) !== one.prototype && !setPrototypeOf(object, one.prototype)) return false;
  const now = ownKeys(object);
  for (let at = 0; at < now.length; at++) {
    if (!has(keys, now[at]) && !deleteProperty(object, now[at])) return false;
  }
  for (let at = 0; at < keys.length; at++) {
    if (!descriptors[at]) continue;
    const found = getOwnPropertyDescriptor(object, keys[at]);
    if (!same(found, descriptors[at]) && !defineProperty(object, keys[at], descriptors[at])) return false;
  }
  return true;
}

function has(keys, key) {
  for (let at = 0; at < keys.length; at++) if (keys[at] === key) return true;
  return false;
}

function isUnread(key) {
  return typeof key === "string" && UNREAD.test(key);
}

// What globals and built-in modules have behind a getter.
const BEHIND = ["promises", "globalAgent", "webcrypto", "subtle"];

function wholly(value) {
  return [value, ...BEHIND.map((key) => value?.[key])];
}

class Realm {
  /** `left`: objects that belong to the host, which puts them right itself. */
  constructor(left) {
    this.left = left;
    this.globals = { __proto__: null };
    this.modules = { __proto__: null };
    this.seen = [];
    this.touched = [];
    this.wholly = false;
    this.always = [];
    this.global = learned(globalThis, this.always);
    this.global.always = true; // what it leads to has a name
    for (const start of [...unnamed(), ...ALWAYS.map((name) => globalThis[name])]) kept(start, left, this.always);
    for (const one of this.always) one.always = true;
    for (const key of this.global.keys) if (typeof key === "string") this.globals[key] = part(() => wholly(this.read(key)));
  }

  /** What a source can reach, to be given to `reached` each time that it runs. */
  reach(source) {
    const words = new Set(source.match(WORDS));
    const names = Object.keys(this.globals).filter((name) => words.has(name));
    return { parts: names.map((name) => this.globals[name]), words, sideways: SIDEWAYS.test(source) };
  }

  /** A source is about to run. */
  reached({ parts, words, sideways }) {
    if (sideways && !this.wholly) {
      this.wholly = true;
      for (const name in this.globals) if (!isUnread(name)) this.touch(this.globals[name]);
    }
    for (let at = 0; at < parts.length; at++) this.touch(parts[at]);
    for (const name in this.modules) if (words.has(name)) this.touch(this.modules[name]);
  }

  /** A built-in module is about to be handed out. */
  handedOut(name, exported) {
    this.modules[name] ??= part(() => wholly(exported));
    this.touch(this.modules[name]);
  }

  /** What every case has without a name of it: its process, and what loads its modules. */
  begin(Module) {
    this.globals.process = part(() => [process, process.stdout, process.stderr]);
    this.handedOut("module", Module);
    this.modules.extensions = this.modules.module;
    this.modules.main = part(() => [process.mainModule]);
    this.restored();
  }

  /** Whether that global or built-in module can have been reached in this case. */
  isOn(name) {
    return Boolean(this.globals[name]?.on || this.modules[name]?.on);
  }

  touch(one) {
    // What Node loads for it, for good, belongs to no case.
    one.records ??= outside(() => kept(one.start(), this.left, this.seen));
    if (one.on) return;
    one.on = true;
    this.touched[this.touched.length] = one;
  }

  /** The value of a global. Node makes many at their first use: this is it, and they are kept as they are then. */
  read(key) {
    const value = globalThis[key];
    const { keys, descriptors, values } = this.global;
    if (has(ownKeys(globalThis), DISPATCHER) && !has(keys, DISPATCHER)) keys[keys.length] = DISPATCHER;
    for (let at = 0; at < keys.length; at++) {
      if (keys[at] !== key && keys[at] !== DISPATCHER) continue;
      descriptors[at] = getOwnPropertyDescriptor(globalThis, keys[at]);
      values[at] = descriptors[at].value;
    }
    return value;
  }

  /** What the host changes by that work is how things are from then on. */
  adopt(work) {
    const had = [];
    collect(this.always.concat(this.seen), differsAtAll, had);
    work();
    const now = [];
    collect(this.always.concat(this.seen), differsAtAll, now);
    const made = this.global.keys.filter((key, at) => this.global.descriptors[at] && isUnread(key));
    for (const one of now) if (!had.includes(one)) Object.assign(one, record(one.object));
    for (const key of made) this.read(key);
  }

  /** Puts back what differs; false where that cannot be done, and the process is spoilt. */
  restored() {
    const changed = [];
    const look = this.wholly ? differsAtAll : differs;
    collect(this.always, look, changed);
    if (this.wholly) collect(this.seen, look, changed);
    for (let at = 0; at < this.touched.length; at++) {
      if (!this.wholly) collect(this.touched[at].records, look, changed);
      this.touched[at].on = false;
    }
    this.touched = [];
    this.wholly = false;
    this.changed = changed.length > 0;
    for (let at = 0; at < changed.length; at++) if (!putBack(changed[at])) return false;
    return true;
  }
}

/** What hangs together under a name: kept from the first time on that a source can reach it. */
function part(start) {
  return { start, records: null, on: false };
}

/** What literals lead to without any name. */
function unnamed() {
  const samples = [function* () {}, async function () {}, async function* () {}, () => {}, [], {}, "", 0, /a/, 0n, true];
  const iterators = [[][Symbol.iterator](), ""[Symbol.iterator](), "".matchAll(/a/g)];
  return [...samples, ...iterators].map((value) => getPrototypeOf(Object(value)));
}

function collect(records, look, changed) {
  for (let at = 0; at < records.length; at++) if (look(records[at])) changed[changed.length] = records[at];
}

module.exports = { Realm, DISPATCHER };
