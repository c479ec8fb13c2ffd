"use strict";
// One run of one handler, and which run the code now running belongs to.

const { AsyncLocalStorage } = require("node:async_hooks");
const { performance } = require("node:perf_hooks");
const path = require("node:path");
const { unmarked } = require("./es_modules.js");
const { thrown } = require("./thrown.js");

const CONSOLE_CHARACTERS = 100_000;
const HOST = __dirname + path.sep;
const ACTION = path.sep + "action";
const FRAME = /^ +at /;
const NODE = /[( ]node:/;
const now = performance.now.bind(performance);
const soon = setImmediate;
const TURNS = 12; // what a request takes from its call until it is seen
const { then } = Promise.prototype;
const { apply } = Reflect;
const clock = Date.now;
const storage = new AsyncLocalStorage();
const inFlight = new Set();
const left = Set.prototype.delete.bind(inFlight);

/** The run that the code now running belongs to; a lone run owns what lost its context. Undefined where unknown. */
function current() {
  const store = storage.getStore();
  const run = store?.run ?? store ?? (inFlight.size === 1 ? inFlight.values().next().value : undefined);
  return run?.over ? undefined : run;
}

/** The run that has caused what happens now, also where it is over. */
function owner() {
  return storage.getStore();
}

/** Does something for which code of the run, at that line, has asked. */
function askedAt(line, work) {
  const run = current();
  return run ? storage.run({ run, line }, work) : work();
}

/** The line in the code of the run which has asked for what happens now, 0 where unknown. */
function askingLine() {
  return storage.getStore()?.line ?? 0;
}

/** Does something that belongs to no run, though one has caused it. */
function outside(work) {
  return storage.exit(work);
}

class Run {
  /** `job` as flight.py has it; `send` writes one message; `finish` gives what else is to be told at the end, for which
   * everything is awaited that is due by then. */
  constructor(job, send, finish) {
    this.job = job;
    this.send = send;
    this.finish = finish;
    this.over = false;
    this.failure = null;
    this.asked = [];
    this.called = 0; // requests that are on their way to be seen
    this.printed = 0;
    this.event = { ...job.event, secrets: { ...job.event.secrets, ...job.secrets } };
    this.folder = job.packages ?? ACTION;
    this.file = path.join(this.folder, "code.js");
    this.modules = job.modules.map((module) => ({ ...module, file: moduleFile(module) }));
    this.clock = job.now == null ? clock : () => job.now;
    this.folders = new Set([this.folder, ...job.modules.map((module) => module.packages ?? ACTION)]);
  }

  tell(kind, value) {
    if (!this.over) this.send({ id: this.job.id, [kind]: value });
  }

  print(output) {
    if (this.printed > CONSOLE_CHARACTERS) return;
    const text = output.replace(/\n$/, "");
    this.printed += text.length;
    if (this.printed > CONSOLE_CHARACTERS) {
      this.tell("console", `(output beyond ${CONSOLE_CHARACTERS} characters is left out)`);
    } else {
      for (const line of this.clean(text).split("\n")) this.tell("console", line);
    }
  }

  /** The text without paths of this machine and without the stack frames of the host and of Node itself. */
  clean(text) {
    const lines = text.split("\n").filter((line) => !FRAME.test(line) || !(line.includes(HOST) || NODE.test(line)));
    return [...this.folders].reduce((all, folder) => all.replaceAll(folder + path.sep, ""), unmarked(lines.join("\n")));
  }

  /** Asks the other side for the answer to a request. */
  ask(request) {
    return new Promise((answered) => {
      this.asked.push(answered);
      this.tell("request", request);
    });
  }

  answered(number, reply) {
    this.asked[number]?.(reply);
  }

  end(error) {
    if (this.over) return;
    const duration_ms = now() - this.began;
    this.over = true;
    left(this);
    this.send({ id: this.job.id, done: { error, duration_ms, ...this.finish?.() } });
  }

  fail(error) {
    const told = thrown(error, this);
    if (!this.finish) return this.end(told);
    this.failure ??= told;
    return soon(() => this.settle());
  }

  /** Ends it once the requests were seen that it has called for without awaiting them. */
  settle(turns = this.finish ? TURNS : 0) {
    if (turns > 0 && this.called > this.asked.length) soon(() => this.settle(turns - 1));
    else this.end(this.failure);
  }

  /** The process ends with this run. */
  crash(error) {
    this.finish = () => ({ again: false });
    this.end(thrown(error, this));
  }

  start(modules, platform) {
    if (!this.finish) this.tell("started", true);
    this.began = now();
    inFlight.add(this);
    storage.run(this, () => {
      const ended = this.call(modules, platform);
      // A promise that nobody awaited and that is rejected already is found out before the next turn.
      apply(then, ended, [() => soon(() => this.settle()), (error) => this.fail(error)]);
    });
  }

  async call(modules, platform) {
    const { handler } = this.job;
    const exported = modules.exports(this);
    if (typeof exported?.[handler] !== "function") throw missing(handler, exported);
    await exported[handler](this.event, platform.api(this));
  }
}

/** Where the code of a module counts as lying: beside its packages, so that import finds them. */
function moduleFile({ name, packages }) {
  return path.join(packages ?? ACTION, "modules", name, "code.js");
}

function missing(handler, exported) {
  const names = Object.keys(exported ?? {}).filter((name) => typeof exported[name] === "function");
  const error = new Error(`code.js does not export ${handler}; it exports ${names.join(", ") || "no function"}.`);
  error.name = "HandlerMissing";
  return error;
}

module.exports = { Run, askedAt, askingLine, current, outside, owner };
