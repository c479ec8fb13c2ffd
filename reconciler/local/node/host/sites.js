"use strict";
// Where in a file the code now running was called from, through async functions as far as V8 follows them.

const FRAMES = 200; // between the code and its request there can be packages, with many
const NEAR = 5; // V8 takes a microsecond for each frame
const capture = Error.captureStackTrace;
const { apply } = Reflect;
const frame = Object.getPrototypeOf(framesHere(1, null)[0]);
const { getFileName, getLineNumber, getColumnNumber } = frame;
const UNKNOWN = { line: 0, column: 0 };

/** {line, column} of the innermost frame in that file; zeros where there is none. */
function siteIn(file) {
  try {
    return siteAmong(framesHere(NEAR, siteIn), file) ?? siteAmong(framesHere(FRAMES, siteIn), file) ?? UNKNOWN;
  } catch {
    return UNKNOWN; // the code keeps Error from being asked
  }
}

function siteAmong(frames, file) {
  for (let at = 0; at < frames.length; at++) {
    if (apply(getFileName, frames[at], []) !== file) continue;
    return { line: apply(getLineNumber, frames[at], []), column: apply(getColumnNumber, frames[at], []) };
  }
  return undefined;
}

/** The frames above that function, so many. */
function framesHere(limit, above) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const had = Object.hasOwn(Error, "prepareStackTrace");
  const holder = {};
  Error.stackTraceLimit = limit;
  Error.prepareStackTrace = (error, frames) => frames;
  if (above) capture(holder, above);
  else capture(holder);
  const frames = holder.stack;
  if (had) Error.prepareStackTrace = prepareStackTrace;
  else delete Error.prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return frames;
}

module.exports = { siteIn };
