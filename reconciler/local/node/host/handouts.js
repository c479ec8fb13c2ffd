"use strict";
// Built-in modules as cases get them: looked over at the first time, before the code has them.

const Module = require("node:module");
const { current, outside } = require("./run.js");
const { siteIn } = require("./sites.js");
const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;

const NETWORK = new Set(["net", "tls", "http", "https", "http2", "_http_client", "_http_agent", "_tls_wrap"]);
// What works on in Node itself, where nothing finds it again.
const SPOILING = {
  async_hooks: ["createHook"],
  cluster: ["setupPrimary"],
  crypto: ["setEngine", "setFips", "secureHeapUsed"],
  diagnostics_channel: ["subscribe", "Channel.prototype.subscribe", "Channel.prototype.bindStore"],
  domain: ["create", "createDomain"],
  module: ["registerHooks", "syncBuiltinESMExports", "enableCompileCache"],
  perf_hooks: ["PerformanceObserver", "monitorEventLoopDelay"],
  process: ["setUncaughtExceptionCaptureCallback", "setSourceMapsEnabled", "umask", "addUncaughtExceptionCaptureCallback"],
  tls: ["setDefaultCACertificates"],
  v8: ["startCoverage", "takeCoverage", "setHeapSnapshotNearHeapLimit",
    ...["createHook", "onInit", "onBefore", "onAfter", "onSettled"].map((name) => `promiseHooks.${name}`)],
  vm: ["measureMemory"],
  worker_threads: ["BroadcastChannel", "setEnvironmentData", "markAsUntransferable"],
};
const UNREACHED = {
  dgram: ["createSocket", "Socket"],
  dns: ["lookup", "lookupService", "resolve", "reverse", "resolve4", "resolve6", "resolveAny", "resolveCaa", "resolveCname",
    "resolveMx", "resolveNaptr", "resolveNs", "resolvePtr", "resolveSoa", "resolveSrv", "resolveTlsa", "resolveTxt", "Resolver"],
};
UNREACHED["dns/promises"] = UNREACHED.dns;
UNREACHED.dns = [...UNREACHED.dns, ...UNREACHED.dns.map((name) => `promises.${name}`)];

class Handouts {
  /** `realm` and `dials` keep what is handed out, `outgoing` is opened before the first module of the network is; `spoil`
   * is called when the code does what cannot be undone. */
  constructor({ realm, dials, outgoing, spoil }) {
    Object.assign(this, { realm, dials, outgoing, spoil });
    this.seen = new Set();
  }

  /** Stands in the ways to built-in modules. */
  install() {
    const load = Module._load;
    // What Node itself sets up for good when it loads one belongs to no case.
    const really = (args) => (Module.isBuiltin(args[0]) ? outside(() => apply(load, Module, args)) : apply(load, Module, args));
    // What the host loads for itself (the interceptor, before it stands) is not as code finds it.
    Module._load = (...args) => (isOurs(args[1]) ? really(args) : this.looked(args[0], really(args)));
    const get = process.getBuiltinModule;
    process.getBuiltinModule = (id) => this.looked(id, get(id));
  }

  looked(id, exported) {
    if (typeof id !== "string" || !Module.isBuiltin(id)) return exported;
    const name = id.startsWith("node:") ? id.slice(5) : id;
    if (!this.seen.has(name)) {
      this.seen.add(name);
      this.prepare(name, exported);
    }
    this.realm.handedOut(name, exported);
    return exported;
  }

  prepare(name, exported) {
    if (NETWORK.has(name)) this.outgoing.open();
    this.dials.learn(name, exported);
    for (const path of SPOILING[name] ?? []) this.replace(exported, path, () => this.spoil());
    if (name === "http2") this.replace(exported, "connect", refuseHttp2);
    for (const path of UNREACHED[name] ?? []) this.replace(exported, path, () => refuse(`${name}.${path}`));
  }

  /** Those that are globals, too. */
  prepareGlobals() {
    this.prepare("process", process);
    this.prepare("performance", performance);
    const { get, ...more } = getOwnPropertyDescriptor(process, "stdin");
    defineProperty(process, "stdin", { ...more, get: () => (this.spoil(), apply(get, process, [])) });
  }

  /** The same function in every way, which does something before. */
  replace(exported, path, before) {
    const names = path.split(".");
    const last = names.pop();
    const owner = names.reduce((object, name) => object?.[name], exported);
    if (typeof owner?.[last] !== "function") return;
    const { prototype } = owner[last];
    owner[last] = new Proxy(owner[last], {
      apply: (real, self, args) => (before(args), apply(real, self, args)),
      construct: (real, args, made) => (before(args), construct(real, args, made)),
    });
    if (prototype && Object.hasOwn(prototype, "constructor")) prototype.constructor = owner[last];
  }
}

function isOurs(parent) {
  return Boolean(parent?.filename?.startsWith(__dirname));
}

/** Told like any connection that does not speak HTTP/1. */
function refuseHttp2([authority]) {
  const run = current();
  run?.ask({ method: "CONNECT", url: String(authority), headers: {}, body: "", line: siteIn(run.file).line });
  refuse("http2.connect");
}

function refuse(called) {
  throw new Error(`${called} is not available in a case: nothing leaves the machine.`);
}

module.exports = { Handouts };
