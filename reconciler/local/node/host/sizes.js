"use strict";
// Sizes of what is written as JSON.

/** The bytes of a value as JSON. */
function entrySize(value) {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** The bytes of an object as JSON, from name -> bytes of its value. */
function total(sizes) {
  const entries = Object.entries(sizes);
  return entries.reduce((sum, [name, size]) => sum + entrySize(name) + size + 2, 1);
}

module.exports = { entrySize, total };
