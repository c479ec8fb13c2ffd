"use strict";
// Keeps the host alive past stray errors, and out of the reach of the code as far as one process allows.
// The walls are Node's permission model and the process itself; what is closed here is what the model leaves open.

const { ChildProcess } = require("node:child_process");
const Module = require("node:module");
const fs = require("node:fs");
const os = require("node:os");
const v8 = require("node:v8");
const { current } = require("./run.js");

const REFUSED = [
  "kill", "_kill", "chdir", "setuid", "setgid", "seteuid", "setegid", "setgroups", "initgroups",
  "_debugProcess", "_debugEnd", "execve",
];

const ONCE = ["DeprecationWarning", "ExperimentalWarning"];

/** Errors that no one caught end the run they come from; one that comes after the end of its run has nobody to tell. */
function catchStrays() {
  process.on("uncaughtException", (error) => current()?.fail(error));
  process.on("unhandledRejection", (error) => current()?.fail(error));
}

/** Node's warnings are shown to the run, but for the one of what modules.js uses; in `cases` without the number of the
 * process and without those that Node gives once in a process. */
function guardWarnings(cases) {
  const [show] = process.listeners("warning");
  process.removeListener("warning", show);
  process.on("warning", (warning) => {
    const { name, code, message } = warning;
    if (String(message).startsWith("vm.USE_MAIN_CONTEXT") || (cases && ONCE.includes(name))) return;
    if (!cases) return show(warning);
    current()?.print(`(node) ${code ? `[${code}] ` : ""}${name}: ${message}`);
  });
}

/** `exit` really ends the process; `tell` says what the code called to end it, for the other runs under way. */
function guardProcess(exit, tell) {
  const crash = (what) => {
    const error = new Error(`the code called ${what}.`);
    error.name = "ActionCrash";
    current()?.crash(error);
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
  refuse(v8, "setHeapSnapshotNearHeapLimit", "v8.setHeapSnapshotNearHeapLimit");
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

/**
 * What a handle of Node's own can do past the permission model. A local socket (Docker's, say) is a way out of the
 * process; and a child process that was never started signals whatever number lies in its memory.
 */
function guardHandles(pipe) {
  const local = (path) => {
    throw new Error(`The local socket ${path} is not available to an action.`);
  };
  Object.getPrototypeOf(pipe).connect = (request, path) => local(path);
  Object.getPrototypeOf(pipe).bind = local;
  refuse(Object.getPrototypeOf(new ChildProcess()._handle), "kill", "ChildProcess.kill");
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

module.exports = { catchStrays, guardHandles, guardImports, guardProcess, guardWarnings };
