"use strict";
// Syntax that not every Node of the platform has. Up to ECMAScript 2023 all have everything (measured on 18.20 and 22.20).

const { parse } = require("../vendor/acorn.js");

/** [{feature, at}]; `feature` as catalogue/runtimes.py names it. */
function newerOf(program) {
  const found = [];
  for (const node of program.all("VariableDeclaration")) {
    if (/using$/.test(node.kind)) found.push({ feature: "using", at: program.place(node) });
  }
  for (const node of program.all("Literal")) {
    if (node.regex && !parses(node.raw, 2023)) {
      found.push({ feature: parses(node.raw, 2024) ? "regexp-v" : "regexp-2025", at: program.place(node) });
    }
  }
  return found;
}

function parses(text, ecmaVersion) {
  try {
    parse(text, { ecmaVersion });
    return true;
  } catch {
    return false;
  }
}

module.exports = { newerOf };
