"use strict";
// Which secrets a script reads by name, and whether it may read more than that.

/** {uses: [{root, name, spared, at}], open: [root]}: `open` names each root whose secrets are read otherwise, too;
 * `spared` says that the code goes on without. */
function secretsOf(program, flows) {
  const uses = flows.steps.filter(isSecret).map(({ root, steps: [, { name, node, spared }] }) => {
    return { root, name, spared, at: program.place(node) };
  });
  const open = flows.lost.filter(({ path }) => holdsSecrets(path)).map(({ path }) => path.root);
  const called = flows.calls.filter(({ path }) => path.steps[0]?.name === "secrets" && path.steps.length < 3);
  return { uses, open: [...new Set([...open, ...called.map(({ path }) => path.root)])] };
}

/** What every object has is no secret: `event.secrets.hasOwnProperty("KEY")`. */
function isSecret({ root, steps }) {
  return isRoot(root) && steps.length === 2 && steps[0].name === "secrets" && !(steps[1].name in Object.prototype);
}

/** Whether a path is all secrets, or holds them among other things. */
function holdsSecrets({ root, steps }) {
  return isRoot(root) && (!steps.length || (steps.length === 1 && steps[0].name === "secrets"));
}

function isRoot(root) {
  return root === "event" || root === "actions";
}

module.exports = { holdsSecrets, isSecret, secretsOf };
