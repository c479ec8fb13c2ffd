"use strict";
// Sources are compiled once, whatever the number of cases that run them: each run of the compiled body is a module with
// a state of its own.

const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { EsModules } = require("./es_modules.js");

const OPTIONS = { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
const WRAPPER = ["exports", "require", "module", "__filename", "__dirname"];
const KEPT = 500; // of one file: the code of actions without packages is one
const CONNECTING = ["fetch", "WebSocket", "EventSource", "Request"];
const { isBuiltin } = Module;
const { compileFunction } = vm;
const apply = Reflect.apply;
const exec = RegExp.prototype.exec;
const EMPTY = /(?:)/;
const { freeze } = Object;

class Compiled {
  /** `realm` hears what each source can reach, `outgoing` is opened before one that can reach the network, and `spoil` is
   * called when a source was loaded of which Node keeps something for good. */
  constructor(realm, outgoing, spoil) {
    Object.assign(this, { realm, outgoing, spoil });
    this.kept = new Map();
    this.modules = new EsModules((source) => this.about({ reach: this.realm.reach(source) }));
  }

  /** Takes over how Node evaluates CommonJS, packages too. */
  install() {
    const compiled = this;
    const compile = Module.prototype._compile;
    Module.prototype._compile = function (content, filename, format) {
      if (format === "module") {
        const evaluate = (source, name) => (apply(compile, this, [source, name, format]), this.exports);
        this.exports = compiled.modules.required(filename, evaluate);
        return;
      }
      const source = compiled.source(content, filename, WRAPPER);
      if (!source) {
        compiled.unread();
        return apply(compile, this, [content, filename, format]);
      }
      compiled.about(source);
      return apply(source.body, this.exports, [this.exports, required(this), this, filename, path.dirname(filename)]);
    };
    Module.registerHooks({ resolve: (id, context, next) => this.resolved(id, context, next) });
  }

  /** The body of a source as a function of those parameters; null where it does not parse as CommonJS. */
  source(content, filename, parameters) {
    if (!this.kept.has(filename)) this.kept.set(filename, new Map());
    const kept = this.kept.get(filename);
    if (kept.has(content)) return kept.get(content);
    if (kept.size >= KEPT) kept.clear();
    let body;
    try {
      body = compileFunction(content, parameters, { filename, ...OPTIONS });
    } catch {
      return null;
    }
    // Code finds it as arguments.callee, and could keep something there.
    freeze(body);
    if (body.prototype) freeze(body.prototype);
    const made = { body, reach: this.realm.reach(content) };
    kept.set(content, made);
    return made;
  }

  /** A source is about to run. */
  about({ reach }) {
    if (CONNECTING.some((word) => reach.words.has(word))) this.outgoing.open();
    if (reach.words.has("FinalizationRegistry")) this.spoil(); // called back when V8 likes
    this.realm.reached(reach);
    apply(exec, EMPTY, [""]); // what was matched last is to be seen in RegExp.$1 and the like
  }

  /** What is imported, not required: a built-in module, a file, or what stays for good. */
  resolved(id, context, next) {
    if (!context.conditions.includes("import")) return next(id, context);
    if (isBuiltin(id)) process.getBuiltinModule(id);
    const found = next(id, context);
    if (found.url.startsWith("file:")) return { ...found, url: this.modules.url(found.url) };
    if (!isBuiltin(found.url)) this.unread();
    return found;
  }

  /** A source is about to be loaded of which is not known what it can reach, and Node keeps it for good. */
  unread() {
    this.outgoing.open();
    this.spoil();
  }
}

/** As Node makes it for each module. */
function required(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

module.exports = { Compiled };
