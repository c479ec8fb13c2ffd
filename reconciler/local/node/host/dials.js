"use strict";
// What a case can change inside Node itself, past the properties of any object: read before the first case that can get
// there, and set again after each that could.

const { EventEmitter } = require("node:events");

const { eventNames, rawListeners, removeAllListeners, on } = EventEmitter.prototype;
const { apply } = Reflect;
const { is } = Object;

const DIALS = {
  process: () => [
    dial(() => process.title, (value) => (process.title = value)),
    dial(() => process.exitCode, (value) => (process.exitCode = value)),
    listeners(process),
    listeners(process.stdout),
    listeners(process.stderr),
  ],
  events: (events) => [dial(() => events.defaultMaxListeners, (value) => (events.defaultMaxListeners = value))],
  util: ({ inspect }) => [options(() => inspect.defaultOptions, (value) => (inspect.defaultOptions = value))],
  stream: ({ getDefaultHighWaterMark: get, setDefaultHighWaterMark: set }) => [
    dial(() => get(false), (value) => set(false, value)),
    dial(() => get(true), (value) => set(true, value)),
  ],
  net: (net) => [
    dial(net.getDefaultAutoSelectFamily, net.setDefaultAutoSelectFamily),
    dial(net.getDefaultAutoSelectFamilyAttemptTimeout, net.setDefaultAutoSelectFamilyAttemptTimeout),
  ],
  dns: (dns) => [dial(dns.getDefaultResultOrder, dns.setDefaultResultOrder), list(dns.getServers, dns.setServers)],
};
DIALS["dns/promises"] = DIALS.dns;

class Dials {
  constructor() {
    this.known = { __proto__: null };
  }

  /** That module can be reached from now on. */
  learn(name, exported) {
    if (!this.known[name]) this.known[name] = DIALS[name]?.(exported) ?? [];
  }

  /** Sets those of a module again. */
  restore(name) {
    const all = this.known[name];
    for (let at = 0; at < all.length; at++) all[at]();
  }
}

function dial(get, set) {
  const before = get();
  return () => is(get(), before) || set(before);
}

function options(get, set) {
  const before = { ...get() };
  return () => set({ ...before });
}

function list(get, set) {
  const before = get();
  return () => set([...before]);
}

/** Listeners that were added go, and those that were taken away come back. */
function listeners(emitter) {
  const before = apply(eventNames, emitter, []).map((name) => [name, apply(rawListeners, emitter, [name])]);
  return () => {
    const names = apply(eventNames, emitter, []);
    for (let at = 0; at < names.length; at++) {
      if (!before.some(([name]) => name === names[at])) apply(removeAllListeners, emitter, [names[at]]);
    }
    for (const [name, theirs] of before) {
      const now = apply(rawListeners, emitter, [name]);
      if (now.length === theirs.length && now.every((one, at) => one === theirs[at])) continue;
      apply(removeAllListeners, emitter, [name]);
      for (const one of theirs) apply(on, emitter, [name, one]);
    }
  };
}

module.exports = { Dials };
