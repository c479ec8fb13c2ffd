"use strict";
// What a case leaves running when it ends: timers are cleared, and whatever else may still call back spoils the process.

const { createHook } = require("node:async_hooks");

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

class Leftovers {
  /** `owned` says whether the code now running belongs to a case. */
  constructor(owned) {
    this.timers = [];
    this.soons = [];
    this.pending = new Map();
    const drop = Map.prototype.delete.bind(this.pending);
    const has = Map.prototype.get.bind(this.pending);
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
    this.soons = [];
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
