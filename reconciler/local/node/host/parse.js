"use strict";
// Reads {name: code} from standard input and tells of each, as JSON, what parse.py makes CodeFacts of.

const { exportsOf } = require("./facts/exports.js");
const { Flows } = require("./facts/flows.js");
const { handlersOf } = require("./facts/handlers.js");
const { methodsOf } = require("./facts/methods.js");
const { printedOf } = require("./facts/printed.js");
const { Program } = require("./facts/program.js");
const { remarksOf } = require("./facts/remarks.js");
const { followClients, requestsOf } = require("./facts/requests.js");
const { requiresMore, requiresOf } = require("./facts/requires.js");
const { secretsOf } = require("./facts/secrets.js");
const { newerOf } = require("./facts/syntax.js");

function facts(code) {
  try {
    return { problem: null, ...read(new Program(code)) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: { message: "it is nested too deeply", line: 1, column: 1 } };
    if (!(error instanceof SyntaxError) || !error.loc) throw error;
    const { line, column } = error.loc;
    return { problem: { message: message(error), line, column: column + 1 } };
  }
}

function read(program) {
  const requires = requiresOf(program);
  const handlers = handlersOf(program);
  const flows = followed(program, handlers, requires);
  const secrets = secretsOf(program, flows);
  return {
    ...exportsOf(program),
    requires: requires.map(({ node, ...told }) => told),
    requires_more: requiresMore(program),
    secrets: secrets.uses,
    secrets_open: handlers.all ? secrets.open : [...new Set([...secrets.open, "event"])],
    methods: methodsOf(program, flows),
    printed: printedOf(program, flows),
    newer: newerOf(program),
    ...requestsOf(program, flows),
    remarks: remarksOf(program),
  };
}

/** Where the values go that the checks are about: what handlers are given, what packages give, and some globals. */
function followed(program, handlers, requires) {
  const flows = new Flows(program);
  for (const { params } of handlers.functions) {
    if (params[0]) flows.parameter(params[0], "event");
    if (params[1]) flows.parameter(params[1], "api");
  }
  for (const { node, name } of requires) flows.value(node, name);
  flows.everyGlobal();
  flows.run();
  followClients(flows, program);
  return flows;
}

function message(error) {
  return error.message.replace(/ \(\d+:\d+\)$/, "");
}

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const sources = JSON.parse(Buffer.concat(chunks).toString());
  const all = Object.entries(sources).map(([name, code]) => [name, facts(code)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(all)));
});
