"use strict";
// Reads {name: code} from standard input and tells of each, as JSON, what parse.py makes CodeFacts of.

const { parse } = require("./vendor/acorn.js");
const { exportsOf } = require("./exports.js");
const { modulesOf } = require("./requires.js");

const OPTIONS = {
  ecmaVersion: "latest",
  sourceType: "commonjs",
  allowHashBang: true,
  locations: true,
};

function facts(code) {
  try {
    const program = parse(code, OPTIONS);
    return { problem: null, ...exportsOf(program), modules: modulesOf(program) };
  } catch (error) {
    if (!(error instanceof SyntaxError) || !error.loc) throw error;
    const { line, column } = error.loc;
    return { problem: { message: message(error), line, column: column + 1 }, exports: [], certain: true, modules: [] };
  }
}

function message(error) {
  if (error.message.includes("'import' and 'export'")) {
    return "Actions and modules are CommonJS scripts: use require and exports instead of import and export";
  }
  return error.message.replace(/ \(\d+:\d+\)$/, "");
}

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const sources = JSON.parse(Buffer.concat(chunks).toString());
  const all = Object.entries(sources).map(([name, code]) => [name, facts(code)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(all)));
});
