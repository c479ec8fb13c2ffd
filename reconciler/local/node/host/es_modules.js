"use strict";
// ES modules of packages. Node keeps each for good under its URL, so that each case gets URLs of its own.

const { readFileSync } = require("node:fs");
const { fileURLToPath, pathToFileURL } = require("node:url");
const { getHeapStatistics } = require("node:v8");

const MARK = "reconciler-case";
const MARKED = new RegExp(`[?&]${MARK}=\\d+`, "g");
// What earlier cases loaded is never freed; past this part of the heap the process is not used again.
const FULL = 0.4;
const { hasOwn } = Object;

class EsModules {
  /** `about` hears of each source that can run from then on. */
  constructor(about) {
    this.about = about;
    this.number = 0;
    this.used = false;
    this.known = new Map();
  }

  /** Ends a case; false where too much was loaded by now. */
  renewed() {
    if (!this.used) return true;
    this.used = false;
    this.number += 1;
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    return used_heap_size < heap_size_limit * FULL;
  }

  /** The URL of a file as this case imports it. */
  url(url) {
    const mark = `${MARK}=${this.number}`;
    if (url.endsWith(mark)) return url;
    this.used = true;
    if (!this.known.has(url)) this.known.set(url, sourceOf(url));
    this.about(this.known.get(url), url);
    return `${url}${url.includes("?") ? "&" : "?"}${mark}`;
  }

  /**
   * What `require` of that file gives, as Node's loadESMFromCJS has it: the name 'module.exports', or all names, with
   * __esModule where there is a default. `compile` evaluates a source as an ES module for `require`.
   */
  required(filename, compile) {
    const from = JSON.stringify(this.url(pathToFileURL(filename).href));
    const bridge = (source, name) => compile(source, `${filename}?${MARK}=${this.number}${name}`);
    const names = bridge(`import * as names from ${from}; export { names as "module.exports" };`, "");
    if (hasOwn(names, "module.exports")) return names["module.exports"];
    if (!hasOwn(names, "default") || hasOwn(names, "__esModule")) return names;
    const facade = `export * from ${from}; export { default } from ${from}; export const __esModule = true;`;
    return bridge(facade, "&default");
  }
}

function sourceOf(url) {
  try {
    return readFileSync(fileURLToPath(url), "utf8");
  } catch {
    return ""; // Node says itself what is wrong with it
  }
}

/** A text without the numbers of cases. */
function unmarked(text) {
  return text.replace(MARKED, "");
}

module.exports = { EsModules, unmarked };
