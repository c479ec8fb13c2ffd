"use strict";
// The Node host: takes jobs as JSON lines from the socket whose number is the first argument, runs them, and tells what
// they do as it happens. Standard output and error belong to the code that runs. The second argument says what it is
// for: `open`, runs of one owner's code; `cases`, or `covered` where what runs of their code is counted.
//
//   in:  {op: "setup", triggers, limits}, then
//        {op: "run", id, key, action, trigger, handler, code, event, secrets, packages, modules, fresh, cache},
//        for a case also {now, seed}, and its event as events.js takes it; {op: "ping"};
//        for cases {op: "sample", trigger, event}, {op: "reply", id, number, reply}
//   out: {ready: version of Node}, {pong: true}, {ending: what ends the process}, then of each run
//        {id, started}, {id, console}, {id, call}, {id, request}, {id, cache: {key, record}},
//        {id, done: {error, duration_ms}}, for a case also {again, coverage}

const { Socket } = require("node:net");
const { parse } = JSON;
const { apply } = Reflect;
const { concat } = Buffer;
const { indexOf, subarray, toString } = Buffer.prototype;
const { catchStrays, guardHandles, guardImports, guardProcess, guardWarnings } = require("./guard.js");
const { captureConsole } = require("./console.js");
const { Modules, forget } = require("./modules.js");
const { Run } = require("./run.js");
const { sender } = require("./sender.js");
const { Platform } = require("./platform.js");

const fd = Number(process.argv[2]);
const socket = new Socket({ fd, readable: true, writable: false });
const exit = process.reallyExit.bind(process);
const send = sender(fd, () => exit(0));
const modules = new Modules();
const mode = process.argv[3];
const { Cases } = mode === "open" ? {} : require("./cases.js");
const coverage = mode === "covered" ? new (require("./coverage.js").Coverage)() : null;
let platform;

Error.stackTraceLimit = 50;
guardHandles(socket._handle);
captureConsole();
guardWarnings(mode !== "open");
guardProcess(exit, (ending) => send({ ending }));
guardImports();
forget();
const cases = Cases ? new Cases(send, coverage) : null;
// Last: an error of the host's own until here has to end it.
catchStrays();
cases?.watch();

function take(message) {
  if (message.op === "setup") {
    platform = new Platform(message);
    send({ ready: process.versions.node });
  } else if (message.op === "ping") {
    send({ pong: true });
  } else if (message.op === "reply") {
    cases.replied(message);
  } else if (message.op === "sample") {
    cases.events.learn(message);
  } else if (cases) {
    cases.take(message, modules, platform);
  } else {
    new Run(message, send).start(modules, platform);
  }
}

// Jobs come while code runs that may have replaced any method.
let rest = [];
socket.on("data", (chunk) => {
  let from = 0;
  for (let end = apply(indexOf, chunk, [10]); end !== -1; end = apply(indexOf, chunk, [10, from])) {
    rest[rest.length] = apply(subarray, chunk, [from, end]);
    const line = rest.length > 1 ? concat(rest) : rest[0];
    rest = [];
    from = end + 1;
    take(parse(apply(toString, line, [])));
  }
  if (from < chunk.length) rest[rest.length] = apply(subarray, chunk, [from]);
});
socket.on("end", () => exit(0));
socket.on("error", () => exit(0));
