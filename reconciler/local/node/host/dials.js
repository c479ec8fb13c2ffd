"use strict";
// What a case can change inside Node itself, past the properties of any object: read before the first case that can get
// there, and set again after each that could.

const { is } = Object;

const DIALS = {
  process: () => [
    dial(() => process.title, (value) => (process.title = value)),
    dial(() => process.exitCode, (value) => (process.exitCode = value)),
  ],
  performance: (performance) => [() => emptied(performance)],
  perf_hooks: ({ performance }) => [() => emptied(performance)],
  events: (events) => [
    dial(() => events.defaultMaxListeners, (value) => (events.defaultMaxListeners = value)),
    dial(() => events.captureRejections, (value) => (events.captureRejections = value)),
  ],
  buffer: (buffer) => [dial(() => buffer.INSPECT_MAX_BYTES, (value) => (buffer.INSPECT_MAX_BYTES = value))],
  util: ({ inspect }) => [options(() => inspect.defaultOptions, (value) => (inspect.defaultOptions = value))],
  stream: ({ getDefaultHighWaterMark: get, setDefaultHighWaterMark: set }) => [
    dial(() => get(false), (value) => set(false, value)),
    dial(() => get(true), (value) => set(true, value)),
  ],
  http: (http) => [dial(() => http.globalAgent, (agent) => (http.globalAgent = agent))],
  https: (https) => [dial(() => https.globalAgent, (agent) => (https.globalAgent = agent))],
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

function emptied(performance) {
  performance.clearMarks();
  performance.clearMeasures();
}

function options(get, set) {
  const before = { ...get() };
  return () => set({ ...before });
}

function list(get, set) {
  const before = get();
  return () => set([...before]);
}

module.exports = { Dials };
