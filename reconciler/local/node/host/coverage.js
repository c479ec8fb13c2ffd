"use strict";
// Which parts of the code of cases ran, and how often, as V8 counts it for each block.
//
// Where Node's permission model stands it keeps the inspector away and with it NODE_V8_COVERAGE; V8's own functions
// for it are asked instead. The flag that lets sources name them is on while they are asked only.

const v8 = require("node:v8");
const { parse } = require("./vendor/acorn.js");

const flags = v8.setFlagsFromString;
const asked = (source) => {
  flags("--allow-natives-syntax");
  try {
    return new Function(source)();
  } finally {
    flags("--no-allow-natives-syntax");
  }
};

class Coverage {
  constructor() {
    this.starts = new Map();
    asked("%DebugToggleBlockCoverage(true)");
  }

  /**
   * What of the sources ran since the last time: [{name, functions}] for [{name, code}], where each function is a list of
   * ranges [start, end, count]: the whole function, then the blocks in it that ran another number of times.
   */
  taken(sources) {
    const scripts = asked("return %DebugCollectCoverage()");
    return sources.flatMap(({ name, code }) => {
      const ranges = scripts.filter(({ script }) => script === code).flat();
      return ranges.length ? [{ name, functions: this.functions(code, ranges) }] : [];
    });
  }

  /** V8 gives one row of ranges, a function before its blocks. */
  functions(code, ranges) {
    if (!this.starts.has(code)) this.starts.set(code, places(code));
    const known = this.starts.get(code);
    const functions = [];
    for (const { start, end, count } of ranges) {
      if (functions.length === 0 || known.has(`${start}:${end}`)) functions.push([]);
      functions.at(-1).push([start, end, count]);
    }
    return functions;
  }
}

/** `start:end` of all that V8 may give as the place of a function: of a method, with its name or without. */
function places(code) {
  const found = new Set([`0:${code.length}`]);
  const visit = (node, parent) => {
    // What initializes the fields of a class has the place of its body.
    if (/Function|^(?:StaticBlock|PropertyDefinition|ClassBody)$/.test(node.type)) {
      for (const start of [node.start, parent?.start, parent?.key?.start]) found.add(`${start}:${node.end}`);
    }
    for (const value of Object.values(node).flat()) if (typeof value?.type === "string") visit(value, node);
  };
  const options = { ecmaVersion: "latest", sourceType: "script", allowReturnOutsideFunction: true, allowHashBang: true };
  try {
    visit(parse(code, { ...options, allowAwaitOutsideFunction: false }), null);
  } catch {
    return found;
  }
  return found;
}

module.exports = { Coverage };
