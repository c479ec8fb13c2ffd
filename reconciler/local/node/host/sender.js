"use strict";
// Tells the other side, at once: what the code did before it hung or died must have reached it.

const fs = require("node:fs");

const LONE = /\\\\|\\ud[89a-f]../g;
const ESCAPED = "\\\\";
const UNKNOWN = "\ufffd";
const FULL_MS = 1;
const { stringify } = JSON;
const { writeSync } = fs;
const bytesOf = Buffer.from;
const { byteLength } = Buffer;
const { includes } = String.prototype;
const { apply } = Reflect;
const wait = Atomics.wait;
const never = new Int32Array(new SharedArrayBuffer(4));

/** Gives the function that writes one message as a line there; `gone` is called where nobody reads any more. Half a
 * character, which only JavaScript has, is replaced. */
function sender(fd, gone) {
  return (message) => {
    const text = stringify(message);
    const whole = apply(includes, text, ["\\ud"]) ? text.replace(LONE, (found) => (found === ESCAPED ? found : UNKNOWN)) : text;
    write(fd, whole + "\n", gone);
  };
}

function write(fd, text, gone) {
  const all = byteLength(text);
  let at = tried(() => writeSync(fd, text), gone);
  if (at === all) return; // as ever, but where the other side has not read for long
  const bytes = bytesOf(text);
  while (at < all) at += tried(() => writeSync(fd, bytes, at), gone);
}

/** How much was written; where there is no room, none after a while. */
function tried(writing, gone) {
  try {
    return writing();
  } catch (error) {
    if (error.code !== "EAGAIN") gone();
    wait(never, 0, 0, FULL_MS);
    return 0;
  }
}

module.exports = { sender };
