"use strict";
// Where in a file the code now running was called from, through async functions as far as V8 follows them.

const FRAMES = 20;
const capture = Error.captureStackTrace;
const { apply } = Reflect;
const frame = Object.getPrototypeOf(framesHere()[0]);
const { getFileName, getLineNumber, getColumnNumber } = frame;
const UNKNOWN = { line: 0, column: 0 };

/** {line, column} of the innermost frame in that file; zeros where there is none. */
function siteIn(file) {
  try {
    const frames = framesHere();
    for (let at = 0; at < frames.length; at++) {
      if (apply(getFileName, frames[at], []) !== file) continue;
      return { line: apply(getLineNumber, frames[at], []), column: apply(getColumnNumber, frames[at], []) };
    }
  } catch {
    // The code keeps Error from being asked.
  }
  return UNKNOWN;
}

function framesHere() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const had = Object.hasOwn(Error, "prepareStackTrace");
  const holder = {};
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (error, frames) => frames;
  capture(holder);
  const frames = holder.stack;
  if (had) Error.prepareStackTrace = prepareStackTrace;
  else delete Error.prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return frames;
}

module.exports = { siteIn };
