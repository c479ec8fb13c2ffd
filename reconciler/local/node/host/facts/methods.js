"use strict";
// What a script reads of `api`: groups (`access`) and methods (`access.deny`).

/** [{name, guarded, at}]: `guarded` where the code asks first whether there is such a thing. */
function methodsOf(program, flows) {
  return flows.steps
    .filter(({ root, steps }) => root === "api" && steps.length <= 2)
    .map(({ steps }) => {
      const last = steps.at(-1);
      return { name: steps.map(({ name }) => name).join("."), guarded: last.guarded, at: program.place(last.node) };
    });
}

module.exports = { methodsOf };
