"use strict";
// Evaluates the code of an action as plain CommonJS and keeps what it exports, as a warm container does.

const Module = require("node:module");
const path = require("node:path");

const KEPT = 200;

class Modules {
  constructor() {
    this.kept = new Map();
  }

  /** What the code of that run exports: kept per key, made anew for a fresh run or when the code is another. */
  exports(run) {
    const { key, code, fresh } = run.job;
    if (fresh) return evaluated(run);
    const kept = this.kept.get(key);
    if (kept?.code === code && kept.folder === run.folder) return kept.exports;
    const made = { code, folder: run.folder, exports: evaluated(run) };
    if (this.kept.size >= KEPT) this.kept.delete(this.kept.keys().next().value);
    this.kept.set(key, made);
    return made.exports;
  }
}

function evaluated(run) {
  const module = new Module(run.file);
  module.filename = run.file;
  // Only the packages of this action: no folder above it, nothing global.
  module.paths = run.job.packages ? [path.join(run.job.packages, "node_modules")] : [];
  module._compile(run.job.code, run.file, "commonjs");
  return module.exports;
}

module.exports = { Modules };
