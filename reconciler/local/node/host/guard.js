"use strict";
// Keeps the host alive past stray errors, and out of the reach of the code as far as one process allows.
// The walls are Node's permission model and the process itself; what is closed here is what the model leaves open.

const Module = require("node:module");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const v8 = require("node:v8");
const { current } = require("./run.js");

const REFUSED = [
  "kill", "_kill", "chdir", "setuid", "setgid", "seteuid", "setegid", "setgroups", "initgroups",
  "_debugProcess", "_debugEnd", "execve",
];

/** Errors that no one caught end the run they come from; one that comes after the end of its run has nobody to tell. */
function catchStrays() {
  process.on("uncaughtException", (error) => current()?.fail(error));
  process.on("unhandledRejection", (error) => current()?.fail(error));
}

/** Node's warnings are shown to the run, but for the one of what modules.js uses. */
function guardWarnings() {
  const [show] = process.listeners("warning");
  process.removeListener("warning", show);
  process.on("warning", (warning) => warning.message.startsWith("vm.USE_MAIN_CONTEXT") || show(warning));
}

/** `exit` really ends the process; `tell` says what the code called to end it, for the other runs under way. */
function guardProcess(exit, tell) {
  const crash = (what) => {
    const error = new Error(`the code called ${what}.`);
    error.name = "ActionCrash";
    current()?.fail(error);
    tell(`called ${what}`);
    exit(1);
  };
  process.exit = (code) => crash(`process.exit(${code ?? ""})`);
  process.reallyExit = process.exit;
  process.abort = () => crash("process.abort()");
  for (const name of REFUSED) refuse(process, name, `process.${name}`);
  // Shows the command line, with the paths of this machine in it.
  refuse(process.report, "getReport", "process.report.getReport");
  refuse(v8, "setFlagsFromString", "v8.setFlagsFromString"); // V8 writes traces to files
  refuse(os, "setPriority", "os.setPriority"); // of our own process too
  fs.realpath.native = fs.realpath;
  fs.realpathSync.native = fs.realpathSync;
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (text) => (current()?.print(String(text)), true);
  }
  process.argv = ["node", "code.js"];
  process.execArgv = [];
  process.env = {};
}

/** A socket of this machine (Docker's, say) is a way out of the process; the permission model counts it as network. */
function guardLocalSockets() {
  for (const [prototype, name] of [[net.Socket.prototype, "connect"], [net.Server.prototype, "listen"]]) {
    const real = prototype[name];
    prototype[name] = function (...args) {
      const [options] = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
      if (options?.path) throw new Error(`The local socket ${options.path} is not available to an action.`);
      return real.apply(this, args);
    };
  }
}

/** `import` of a built-in module gives the same as `require` does. Last, when everything is replaced. */
function guardImports() {
  Module.syncBuiltinESMExports();
}

function refuse(owner, name, called) {
  owner[name] = () => {
    throw new Error(`${called} is not available to an action.`);
  };
}

module.exports = { catchStrays, guardImports, guardLocalSockets, guardProcess, guardWarnings };
