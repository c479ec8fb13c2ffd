"use strict";
// console.* goes to the run that called it, formatted as Node formats it.

const { Writable } = require("node:stream");
const { current } = require("./run.js");

const METHODS = [
  "log", "info", "debug", "warn", "error", "dir", "dirxml", "table", "trace", "assert",
  "count", "countReset", "group", "groupCollapsed", "groupEnd", "time", "timeEnd", "timeLog",
];
const { Console } = console;
const consoles = new WeakMap();

/** Each run has a console of its own, since groups, counters and timers are kept in it. */
function consoleOf(run) {
  if (!consoles.has(run)) {
    const write = (text, encoding, done) => (run.print(text), done());
    const stream = new Writable({ decodeStrings: false, write });
    consoles.set(run, new Console({ stdout: stream, stderr: stream, colorMode: false }));
  }
  return consoles.get(run);
}

/** Replaces the methods of the one console object, so that require("console") is the same. */
function captureConsole() {
  for (const name of METHODS) {
    console[name] = (...args) => {
      const run = current();
      if (run) consoleOf(run)[name](...args);
    };
  }
  console.clear = () => {};
}

module.exports = { captureConsole };
