"use strict";
// Evaluates the code of an action and of its modules as plain CommonJS, and keeps what it exports, as a warm container
// does. A module is required as `actions:NAME`, which is how the documents write it. A plain name is a package's: that
// the platform builds an action whose require("my-module") names nothing (wire.md, section 4) says only that a build
// does not follow requires.

const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

const KEPT = 200;
const PREFIX = "actions:";
const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname", "actions"];
const OPTIONS = { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };

// A node_modules above the package folder may not be read: to a package it is not there.
const climb = Module._nodeModulePaths;
const readable = process.permission.has.bind(process.permission, "fs.read");
Module._nodeModulePaths = (from) => climb(from).filter((folder) => readable(folder));

class Modules {
  constructor() {
    this.kept = new Map();
  }

  /** What the code of that run exports: kept per key, made anew for a fresh run or when the code is another. */
  exports(run) {
    const { key, code, fresh } = run.job;
    if (fresh) return freshly(run);
    const kept = this.kept.get(key);
    if (kept?.code === code && kept.folder === run.folder) return kept.exports;
    const made = { code, folder: run.folder, exports: evaluated(run) };
    if (this.kept.size >= KEPT) this.kept.delete(this.kept.keys().next().value);
    this.kept.set(key, made);
    return made.exports;
  }
}

/** Packages are loaded again too: what an earlier run left in them is not there. */
function freshly(run) {
  forget();
  return evaluated(run);
}

/** Empties the cache of require, which first holds the host's own files: they are nothing to an action. */
function forget() {
  for (const file of Object.keys(require.cache)) delete require.cache[file];
}

function evaluated(run) {
  const module = made(run.file, run.job.packages);
  const load = module.require;
  const modules = new Map();
  module.require = (id) => {
    if (typeof id !== "string" || !id.startsWith(PREFIX)) return hinted(() => load.call(module, id), id, run);
    if (!modules.has(id)) modules.set(id, evaluatedModule(declared(id.slice(PREFIX.length), run), run));
    return modules.get(id);
  };
  module._compile(run.job.code, run.file, "commonjs");
  return module.exports;
}

/** `actions` is a parameter of the module's code, so that each sees its own secrets and nobody else does. */
function evaluatedModule({ name, code, secrets, packages, file }, run) {
  const module = made(file, packages);
  const require = (id) => {
    if (String(id).startsWith(PREFIX)) {
      throw notFound(`Cannot find module '${id}': the module ${name} cannot require other modules.`);
    }
    return module.require(id);
  };
  const actions = Object.freeze({ secrets: Object.freeze({ ...secrets }) });
  const body = compiled(code, file, run);
  body.call(module.exports, module.exports, require, module, file, path.dirname(file), actions);
  return module.exports;
}

/** Of a case once for all its cases; compiling it anew tells what is wrong with it. */
function compiled(code, file, run) {
  const source = run.compiled?.source(code, file, PARAMETERS);
  if (source) run.compiled.about(source);
  return source?.body ?? vm.compileFunction(code, PARAMETERS, { filename: file, ...OPTIONS });
}

function made(file, packages) {
  const module = new Module(file);
  module.filename = file;
  // Only the packages of this code: no folder above it, nothing global.
  module.paths = packages ? [path.join(packages, "node_modules")] : [];
  return module;
}

function declared(name, run) {
  const found = run.modules.find((module) => module.name === name);
  if (found) return found;
  const names = run.modules.map((module) => module.name).join(", ") || "none";
  throw notFound(
    `Cannot find module '${PREFIX}${name}': the action does not use a module ${name} (it uses: ${names}). ` +
      "Name it among the modules of the action.",
  );
}

function hinted(load, id, run) {
  try {
    return load();
  } catch (error) {
    const itself = error?.code === "MODULE_NOT_FOUND" && String(error.message).startsWith(`Cannot find module '${id}'`);
    if (itself) error.message = `Cannot find module '${id}'; ${wayOut(String(id), run)}.`;
    throw error;
  }
}

function wayOut(id, run) {
  if (run.modules.some((module) => module.name === id)) return `a module is required as '${PREFIX}${id}'`;
  if (/^[./]/.test(id)) return "an action is one file, and requires its dependencies and modules only";
  return "it is not among the dependencies of the action";
}

function notFound(message) {
  return Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
}

module.exports = { Modules, forget };
