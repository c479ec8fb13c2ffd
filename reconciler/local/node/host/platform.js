"use strict";
// The `api` object of a trigger: exactly its documented methods, every call recorded.

const { Cache } = require("./cache.js");
const { answers } = require("./answers.js");
const { safeArguments } = require("./safe.js");

// Asked of every object by printing, awaiting and converting: not a call of a method that is missing.
const ORDINARY = new Set(["then", "toJSON", "inspect", "constructor", "toString", "valueOf", "hasOwnProperty"]);

class Platform {
  /** `triggers`: id -> {method -> "api" where the call gives back api, else "value"}; `limits`: of api.cache. */
  constructor({ triggers, limits }) {
    this.triggers = triggers;
    this.limits = limits;
    this.caches = new Map();
  }

  api(run) {
    const { trigger } = run.job;
    const methods = new Map(Object.entries(this.triggers[trigger] ?? {}));
    const answer = answers(run.event, this.cache(run));
    const call = (method, args) => {
      run.tell("call", { method, args: safeArguments(args) });
      return methods.get(method) === "api" ? root : answer[method]?.(...args);
    };
    const root = branch("", methods, trigger, call);
    return root;
  }

  /** One cache per trigger as long as the host lives; a fresh run starts with an empty one. */
  cache({ job }) {
    if (job.fresh) return new Cache(this.limits);
    if (!this.caches.has(job.trigger)) this.caches.set(job.trigger, new Cache(this.limits));
    return this.caches.get(job.trigger);
  }
}

function branch(prefix, methods, trigger, call) {
  const made = {};
  const get = (target, key) => {
    if (typeof key === "symbol" || ORDINARY.has(key)) return Reflect.get(target, key);
    if (!Object.hasOwn(target, key)) target[key] = member(prefix + key);
    return target[key];
  };
  const member = (name) => {
    if (methods.has(name)) return (...args) => call(name, args);
    if (prefix === "" && isGroup(name, methods)) return branch(`${name}.`, methods, trigger, call);
    return absent(name, trigger);
  };
  return new Proxy(made, { get });
}

function isGroup(name, methods) {
  return [...methods.keys()].some((method) => method.startsWith(`${name}.`));
}

/** Stands for a method that the trigger does not have: calling it, or anything below it, says so. */
function absent(name, trigger) {
  const refuse = () => {
    throw new TypeError(`api.${name} is not a method of the ${trigger} trigger`);
  };
  const get = (target, key) => {
    if (typeof key === "symbol" || key in target) return Reflect.get(target, key);
    return absent(`${name}.${key}`, trigger);
  };
  return new Proxy(refuse, { get });
}

module.exports = { Platform };
