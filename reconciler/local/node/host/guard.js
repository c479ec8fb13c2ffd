"use strict";
// Keeps the host alive past stray errors, and out of the reach of the code as far as one process allows.
// The walls are Node's permission model and the process itself; what is hidden here only makes accidents tell.

const { current } = require("./run.js");

/** Errors that no one caught end the run they come from; one that comes after the end of its run has nobody to tell. */
function catchStrays() {
  process.on("uncaughtException", (error) => current()?.fail(error));
  process.on("unhandledRejection", (error) => current()?.fail(error));
  process.on("warning", () => {});
}

function guardProcess(exit) {
  const crash = (what) => {
    const error = new Error(`the code called ${what}.`);
    error.name = "ActionCrash";
    current()?.fail(error);
    exit(1);
  };
  const refuse = (name) => () => {
    throw new Error(`process.${name} is not available to an action.`);
  };
  process.exit = (code) => crash(`process.exit(${code ?? ""})`);
  process.reallyExit = process.exit;
  process.abort = () => crash("process.abort()");
  for (const name of ["kill", "_kill", "chdir", "setuid", "setgid", "setgroups", "initgroups", "_debugProcess"]) {
    process[name] = refuse(name);
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (text) => (current()?.print(String(text).replace(/\n$/, "")), true);
  }
  process.argv = ["node", "code.js"];
  process.execArgv = [];
  process.env = {};
}

module.exports = { catchStrays, guardProcess };
