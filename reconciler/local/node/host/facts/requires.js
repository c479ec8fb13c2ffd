"use strict";
// What a script requires by name.

/** [{name, guarded, node, at}] of every `require("NAME")` and `import("NAME")`; `guarded` in a `try`. */
function requiresOf(program) {
  const calls = program.all("CallExpression").filter(({ callee }) => program.isGlobal(callee, "require"));
  const imports = program.all("ImportExpression").map((node) => ({ node, argument: node.source }));
  return [...calls.map((node) => ({ node, argument: node.arguments[0] })), ...imports]
    .filter(({ argument }) => fixed(argument) !== undefined)
    .map(({ node, argument }) => ({ name: fixed(argument), guarded: tried(program, node), node, at: program.place(argument) }))
    ;
}

/** Whether the script may require more than that: by a name that it makes, or by another name for `require`. */
function requiresMore(program) {
  if (program.all("ImportExpression").some(({ source }) => fixed(source) === undefined)) return true;
  return program.global("require").some((identifier) => {
    const parent = program.parent(identifier);
    return parent.callee !== identifier || fixed(parent.arguments[0]) === undefined;
  });
}

function fixed(argument) {
  if (argument?.type === "Literal" && typeof argument.value === "string") return argument.value;
  const plain = argument?.type === "TemplateLiteral" && !argument.expressions.length;
  return plain ? argument.quasis[0].value.cooked : undefined;
}

function tried(program, node) {
  for (let inner = node, outer = program.parent(node); outer; inner = outer, outer = program.parent(outer)) {
    if (outer.type === "TryStatement" && outer.block === inner && outer.handler) return true;
  }
  return false;
}

module.exports = { requiresMore, requiresOf };
