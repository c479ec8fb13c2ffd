"use strict";
// A clock that stands: what Date and Intl give for "now". Timers, performance and process.hrtime go on. What is replaced
// here is put back with everything else that a case changed.

const RealDate = Date;
const realNow = Date.now;
const { construct, defineProperty, getOwnPropertyDescriptor } = Reflect;

/** Stops the clock at that time, in milliseconds since the epoch. */
function stopAt(time) {
  const Stopped = new Proxy(RealDate, {
    construct: (target, args, made) => construct(target, args.length ? args : [time], made),
    apply: () => new RealDate(time).toString(),
  });
  RealDate.now = () => time;
  RealDate.prototype.constructor = Stopped;
  globalThis.Date = Stopped;
  const formats = Intl.DateTimeFormat.prototype;
  const { get } = getOwnPropertyDescriptor(formats, "format");
  const format = function () {
    const real = get.call(this);
    return (date) => real(date === undefined ? time : date);
  };
  defineProperty(formats, "format", { get: format, set: undefined, enumerable: false, configurable: true });
  const parts = formats.formatToParts;
  formats.formatToParts = function (date) {
    return parts.call(this, date === undefined ? time : date);
  };
}

module.exports = { stopAt, realNow };
