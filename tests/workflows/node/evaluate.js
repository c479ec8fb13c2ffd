// Answers each line of JSON on stdin with one on stdout, as GitHub's runner would evaluate or read it.
import { registerHooks } from "node:module";
import { createInterface } from "node:readline";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

// The parser imports its schema as bundlers let it; Node wants to be told that it is JSON.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");

const STATUS = {
  success: (status) => status === "success",
  failure: (status) => status === "failure",
  cancelled: (status) => status === "cancelled",
  always: () => true,
};

function evaluated({ expression, contexts, status }) {
  const functions = Object.entries(STATUS).map(([name, is]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(is(status)),
  }));
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver);
  const result = new Evaluator(tree, known, new Map(functions.map((each) => [each.name, each]))).evaluate();
  return { value: JSON.parse(JSON.stringify(result, data.replacer)), text: result.coerceString() };
}

function problems({ name, content, action }) {
  const parsed = (action ? parseAction : parseWorkflow)({ name, content }, new NoOperationTraceWriter());
  return { problems: parsed.context.errors.getErrors().map((each) => each.message) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = "content" in asked ? problems(asked) : evaluated(asked);
  } catch (wrong) {
    answer = { error: wrong.message };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
