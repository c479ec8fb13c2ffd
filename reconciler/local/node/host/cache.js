"use strict";
// api.cache of one trigger, within the documented limits; error codes as the platform's type definitions name them.

class Cache {
  /** `records`: what is in it, [key, {value, expires_at}] each, where expires_at may be left out; `changed` hears of each
   * key and record, null: none; `clock` gives the time. */
  constructor(limits, records = [], changed = () => {}, clock = Date.now) {
    const { entries, key_bytes, value_bytes, total_bytes, default_seconds, max_seconds } = limits;
    Object.assign(this, { entries, key_bytes, value_bytes, total_bytes, default_seconds, max_seconds });
    this.clock = clock;
    this.records = new Map(records.map(([key, record]) => [key, { expires_at: this.expiry({}), ...record }]));
    this.changed = changed;
  }

  get(key) {
    const record = this.records.get(key);
    if (record && record.expires_at <= this.clock()) this.records.delete(key);
    return this.records.has(key) ? { ...record } : undefined;
  }

  set(key, value, options) {
    const expires_at = this.expiry(options ?? {});
    const code = this.problem(key, value, expires_at);
    if (code) return { type: "error", code };
    this.records.set(key, { value, expires_at });
    this.changed(key, { value, expires_at });
    return { type: "success", record: { value, expires_at } };
  }

  delete(key) {
    if (!this.records.delete(key)) return { type: "error", code: "CacheKeyDoesNotExist" };
    this.changed(key, null);
    return { type: "success" };
  }

  /** Milliseconds since the epoch; the earlier of ttl (milliseconds) and expires_at, at most a day ahead. */
  expiry({ ttl, expires_at }) {
    const wanted = [];
    if (ttl !== undefined) wanted.push(this.clock() + ttl);
    if (expires_at !== undefined) wanted.push(expires_at);
    if (!wanted.length) wanted.push(this.clock() + this.default_seconds * 1000);
    return Math.min(...wanted, this.clock() + this.max_seconds * 1000);
  }

  problem(key, value, expires_at) {
    if (typeof key !== "string" || typeof value !== "string") return "FailedToSetCacheRecord";
    if (!Number.isFinite(expires_at)) return "InvalidExpiry";
    if (expires_at <= this.clock()) return "ItemAlreadyExpired";
    if (Buffer.byteLength(key) > this.key_bytes) return "CacheKeySizeExceeded";
    if (Buffer.byteLength(value) > this.value_bytes) return "CacheValueSizeExceeded";
    return this.hasRoom(key, value) ? "" : "CacheSizeExceeded";
  }

  hasRoom(key, value) {
    for (const name of [...this.records.keys()]) this.get(name);
    const others = [...this.records].filter(([name]) => name !== key);
    const bytes = others.reduce((sum, [name, record]) => sum + size(name, record.value), size(key, value));
    return others.length < this.entries && bytes <= this.total_bytes;
  }
}

function size(key, value) {
  return Buffer.byteLength(key) + Buffer.byteLength(value);
}

module.exports = { Cache };
