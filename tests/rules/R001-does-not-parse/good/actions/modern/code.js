#!/usr/bin/env node
"use strict";

exports.onExecutePostLogin = async (event, api) => {
  const { ...rest } = event.user;
  class Counter { #n = 0; static { Counter.made = true; } has(o) { return #n in o; } }
  rest.name ??= "nobody";
  label: for (const each of []) continue label;
  api.idToken.setCustomClaim(`${rest.name}`, new Counter() ? 1_000n.toString() : /(?<y>\d+)/d.exec("1")?.groups.y);
  return;
};

var require = require;
exports.helper = () => {
  const module = 1;
  return module;
};
