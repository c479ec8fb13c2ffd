"use strict";
// Randomness made of a seed: the same numbers, bytes and UUIDs in each run. What is replaced here is put back with
// everything else that a case changed.

const { createHash, createCipheriv } = require("node:crypto");

const BLOCK = 4096;

/** An endless row of bytes made of the seed (AES-256 in counter mode). */
class Row {
  constructor(seed) {
    const key = createHash("sha256").update(seed).digest();
    this.cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
    this.rest = Buffer.alloc(0);
  }

  bytes(count) {
    while (this.rest.length < count) {
      this.rest = Buffer.concat([this.rest, this.cipher.update(Buffer.alloc(Math.max(BLOCK, count)))]);
    }
    const taken = this.rest.subarray(0, count);
    this.rest = this.rest.subarray(count);
    return taken;
  }

  /** From 0 to 1, with 53 bits. */
  fraction() {
    return Number(this.bytes(8).readBigUInt64BE() >> 11n) / 2 ** 53;
  }

  uuid() {
    const bytes = Buffer.from(this.bytes(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  fill(view, offset = 0, size = view.byteLength - offset) {
    new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength).set(this.bytes(size), offset);
    return view;
  }
}

/** Makes all randomness of that seed. */
function sow(seed, crypto) {
  const row = new Row(seed);
  const web = Object.getPrototypeOf(crypto.webcrypto);
  put(Math, { random: () => row.fraction() });
  put(web, { getRandomValues: (view) => row.fill(view), randomUUID: () => row.uuid() });
  const randomBytes = answered((size) => Buffer.from(row.bytes(size)));
  const fill = (view, offset = 0, size = undefined) => {
    const unit = view.BYTES_PER_ELEMENT ?? 1;
    return row.fill(view, offset * unit, size === undefined ? undefined : size * unit);
  };
  put(crypto, {
    randomBytes,
    pseudoRandomBytes: randomBytes,
    randomUUID: () => row.uuid(),
    randomFillSync: fill,
    randomFill: answered(fill),
    randomInt: answered((least, below) => {
      const [from, to] = below === undefined ? [0, least] : [least, below];
      return from + Math.floor(row.fraction() * (to - from));
    }),
  });
}

function put(owner, functions) {
  for (const [name, value] of Object.entries(functions)) {
    Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** Gives its result at once, or to a callback where one comes last. */
function answered(work) {
  return (...args) => {
    if (typeof args.at(-1) !== "function") return work(...args);
    const done = args.pop();
    const result = work(...args);
    return process.nextTick(() => done(null, result));
  };
}

module.exports = { sow };
