"use strict";
// The `api` object of a trigger: exactly its documented methods, every call checked and recorded.

const { answers } = require("./answers.js");
const { checkArguments } = require("./arguments.js");
const { Cache } = require("./cache.js");
const { rules } = require("./rules.js");
const { safeArguments } = require("./safe.js");
const { siteIn } = require("./sites.js");

// Asked of every object by printing, awaiting and converting: not a call of a method that is missing.
const ORDINARY = new Set(["then", "toJSON", "inspect", "constructor", "toString", "valueOf", "hasOwnProperty"]);

class Platform {
  /** `triggers`: id -> {method -> {returns, params}}, `returns` "api" where the call gives back api; `limits`. */
  constructor({ triggers, limits }) {
    this.methods = new Map();
    for (const [id, methods] of Object.entries(triggers)) this.methods.set(id, new Map(Object.entries(methods)));
    this.limits = limits;
  }

  api(run) {
    const { trigger } = run.job;
    const methods = this.methods.get(trigger) ?? new Map();
    const changed = (key, record) => run.tell("cache", { key, record });
    const cache = new Cache(this.limits.cache, run.job.cache ?? [], changed, run.clock);
    const answer = answers(run, cache);
    const rule = rules(run, this.limits);
    const call = (method, args) => {
      const { params, returns } = methods.get(method);
      // The cache tells what is wrong by its answer.
      if (!method.startsWith("cache.")) checkArguments(method, params, args);
      const told = safeArguments(args);
      rule(method, told);
      run.tell("call", run.compiled ? { method, args: told, ...siteIn(run.file) } : { method, args: told });
      const given = answer[method]?.(...args);
      return returns === "api" ? root : given;
    };
    const root = branch("", methods, trigger, call);
    return root;
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
