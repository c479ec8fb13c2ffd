"use strict";
// Cases: one at a time, all in the same realm, each without any trace of the one before.

const { AsyncResource } = require("node:async_hooks");
const Module = require("node:module");
const { Compiled } = require("./compiled.js");
const { Dials } = require("./dials.js");
const { Events } = require("./events.js");
const { Handouts } = require("./handouts.js");
const { Leftovers } = require("./leftovers.js");
const { Outgoing } = require("./outgoing.js");
const { Realm } = require("./realm.js");
const { Run, owner } = require("./run.js");
const { stopAt } = require("./clock.js");
const { forget } = require("./modules.js");

// Lets import of a built-in module give what require does.
const sync = Module.syncBuiltinESMExports;
const soon = setImmediate;

class Cases {
  /** `send` writes one message; `coverage`, where there is one, tells what of the code ran. From now on the code of cases
   * finds the host in all ways that lead further. */
  constructor(send, coverage) {
    this.send = send;
    this.coverage = coverage;
    this.spoilt = false;
    this.again = true;
    this.waiting = [];
    this.events = new Events();
    const spoil = () => (this.spoilt = true);
    this.dials = new Dials();
    this.leftovers = new Leftovers(() => owner() !== undefined);
    this.between = new AsyncResource("CASES"); // what cases keep in an AsyncLocalStorage goes to none after it
    process.mainModule = main();
    this.realm = new Realm(new Set([Module._cache, Module._pathCache]));
    this.outgoing = new Outgoing(this.realm);
    this.handouts = new Handouts({ realm: this.realm, dials: this.dials, outgoing: this.outgoing, spoil });
    this.compiled = new Compiled(this.realm, this.outgoing, spoil);
    this.outgoing.close();
    this.compiled.install();
    this.handouts.install();
  }

  /** Everything is in its place: what differs from now on is a case's doing. */
  watch() {
    this.handouts.prepareGlobals();
    this.realm.begin(Module);
    this.leftovers.watch();
  }

  /** The job, once those before it have come to their end. */
  take(job, modules, platform) {
    this.waiting[this.waiting.length] = { job, modules, platform };
    if (!this.run && this.again) this.turn();
  }

  /** The next one, in a turn of its own, which belongs to no case. */
  turn() {
    this.between.runInAsyncScope(() => soon(() => this.run || this.next()));
  }

  next() {
    const [first, ...rest] = this.waiting;
    this.waiting = rest;
    if (first) this.start(first);
  }

  start({ job, modules, platform }) {
    this.spoilt = false;
    job.event = this.events.whole(job);
    const run = new Run(job, this.send, (error) => this.finish(run, error));
    run.compiled = this.compiled;
    this.run = run;
    if (job.now !== null) this.stopClock(job.now);
    if (job.seed !== null) this.sow(job.seed);
    run.start(modules, platform);
  }

  stopClock(time) {
    for (const name of ["Date", "Intl"]) this.realm.touch(this.realm.globals[name]);
    stopAt(time);
  }

  sow(seed) {
    for (const name of ["Math", "Crypto", "crypto"]) this.realm.touch(this.realm.globals[name]);
    // Loads crypto, which takes a while.
    require("./chance.js").sow(seed, this.handouts.looked("crypto", require("node:crypto")));
    sync();
  }

  covered({ job }) {
    return this.coverage?.taken([{ name: "", code: job.code }, ...job.modules]);
  }

  /** The other side has answered a request. */
  replied({ id, number, reply }) {
    if (this.run?.job.id === id) this.run.answered(number, reply);
  }

  /** Everything is put back; what is told says whether another case may follow. */
  finish(run) {
    const names = Object.keys(this.dials.known).filter((name) => this.realm.isOn(name));
    const clear = this.leftovers.cleared();
    for (let at = 0; at < names.length; at++) this.dials.restore(names[at]);
    const restored = this.realm.restored();
    if (this.run.job.seed !== null) sync();
    this.outgoing.renew();
    forget();
    const roomy = this.compiled.modules.renewed();
    this.run = undefined;
    this.again = clear && restored && roomy && !this.spoilt;
    if (this.again) this.turn();
    return { again: this.again, coverage: this.covered(run) };
  }
}

/** What require.main is to a case: the host's own has the host in it. */
function main() {
  const { id, filename } = process.mainModule;
  return Object.assign(new Module(id), { filename, loaded: true });
}

module.exports = { Cases };
