"use strict";
// What a case leaves running when it ends: timers are cleared, and whatever else may still call back spoils the process.

const { AsyncLocalStorage, createHook } = require("node:async_hooks");

// Over when the case is: they are run to their end first, or nothing but the code itself can make them go on.
const HARMLESS = /^(?:TickObject|Microtask|bound-anonymous-fn|HTTPINCOMINGMESSAGE|HTTPCLIENTREQUEST|TCPWRAP|TLSWRAP|DNSCHANNEL)$/;
// Called back more than once.
const LASTING = /WRAP$|PORT$|WATCHER$/;
const WORK = /REQUEST$/;
const clearTimer = clearTimeout;
const clearSoon = clearImmediate;
const test = RegExp.prototype.test;
const isHarmless = test.bind(HARMLESS);
const isLasting = test.bind(LASTING);
const isWork = test.bind(WORK);
const { apply } = Reflect;
const { then } = Promise.prototype;
const { _enable: enable, disable } = AsyncLocalStorage.prototype;

class Leftovers {
  /** `owned` says whether the code now running belongs to a case. */
  constructor(owned) {
    this.owned = owned;
    this.timers = [];
    this.soons = [];
    this.stores = [];
    this.pending = new Map();
    const drop = Map.prototype.delete.bind(this.pending);
    const has = Map.prototype.get.bind(this.pending);
    this.drop = drop;
    this.add = Map.prototype.set.bind(this.pending);
    this.each = Map.prototype.forEach.bind(this.pending);
    this.empty = Map.prototype.clear.bind(this.pending);
    this.waiting = createHook({ after: (id) => isLasting(has(id)?.type ?? "") || drop(id), destroy: drop });
    const init = (id, type, trigger, resource) => {
      if (type === "PROMISE" || !owned()) return;
      if (type === "Timeout") this.timers[this.timers.length] = resource;
      else if (type === "Immediate") this.soons[this.soons.length] = resource;
      else if (!isHarmless(type)) this.wait(id, { type, resource });
    };
    this.hook = createHook({ init });
  }

  watch() {
    this.hook.enable();
    for (const name of ["compile", "instantiate"]) this.follow(WebAssembly, name, (promise) => promise);
    AsyncLocalStorage.prototype._enable = new Proxy(enable, { apply: (real, store) => this.enabled(store) });
    this.follow(Atomics, "waitAsync", (wait) => (wait.async ? wait.value : undefined));
  }

  /** A function whose promise settles without any hook hearing of it; `promised` gives that promise. */
  follow(owner, name, promised) {
    const called = (real, self, args) => {
      const result = apply(real, self, args);
      const promise = this.owned() && promised(result);
      if (promise) this.await(promise);
      return result;
    };
    owner[name] = new Proxy(owner[name], { apply: called });
  }

  /** Each that is in use makes all that is asynchronous slower. */
  enabled(store) {
    if (!store.enabled && this.owned()) this.stores[this.stores.length] = store;
    apply(enable, store, []);
  }

  await(promise) {
    const settled = () => this.drop(promise);
    this.wait(promise, { type: "PROMISE" });
    apply(then, promise, [settled, settled]);
  }

  wait(id, one) {
    if (this.pending.size === 0) this.waiting.enable();
    this.add(id, one);
  }

  /** Clears them; false where something is left that cannot be cleared. */
  cleared() {
    for (let at = 0; at < this.timers.length; at++) clearTimer(this.timers[at]);
    for (let at = 0; at < this.soons.length; at++) clearSoon(this.soons[at]);
    this.timers = [];
    for (let at = 0; at < this.stores.length; at++) apply(disable, this.stores[at], []);
    this.soons = [];
    this.stores = [];
    let left = 0;
    this.each((one) => (left += isDone(one) ? 0 : 1));
    this.waiting.disable();
    this.empty();
    return left === 0;
  }
}

/** Work of crypto that was done at once: nobody is to be told of its end. */
function isDone({ type, resource }) {
  return isWork(type) && resource.ondone === undefined;
}

module.exports = { Leftovers };
