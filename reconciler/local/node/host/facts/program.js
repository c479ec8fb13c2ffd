"use strict";
// A parsed script with what the tree alone does not tell: parents, nodes by type, and which variable a name means.

const { Node, lineBreakG, parse } = require("../vendor/acorn.js");
const { analyze } = require("../vendor/eslint-scope.js");

// eslint-scope asks a few nodes for it; acorn would make one for every node.
Object.defineProperty(Node.prototype, "range", {
  get() {
    return [this.start, this.end];
  },
});

const OPTIONS = { ecmaVersion: "latest", sourceType: "commonjs", allowHashBang: true };
const SCOPES = { ecmaVersion: 2026, sourceType: "commonjs", ignoreEval: true, fallback: "iteration" };

const PARAMETERS = new Set(["exports", "require", "module", "__filename", "__dirname"]);

class Program {
  /** Throws acorn's SyntaxError for what does not parse. `comments` are all of its comments: {text, start, end}. */
  constructor(code) {
    this.code = code;
    this.comments = [];
    const onComment = (block, text, start, end) => this.comments.push({ text, start, end });
    const tree = parse(code, { ...OPTIONS, onComment });
    this.variables = new Map();
    this.globals = new Map();
    const { scopes } = analyze(tree, SCOPES);
    this.refuseTaken(scopes[1]);
    for (const scope of scopes) this.take(scope);
    this.parents = new Map();
    this.types = new Map();
    this.walk(tree, undefined);
  }

  /** Where a node or comment begins; line and column count from 1. */
  place({ start }) {
    const { line, column } = this.position(start);
    return { line, column: column + 1 };
  }

  /** The line (from 1) and the column (from 0) of an offset. */
  position(offset) {
    this.lines ??= [0, ...[...this.code.matchAll(lineBreakG)].map((found) => found.index + found[0].length)];
    let [low, high] = [0, this.lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.lines[middle] <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.lines[low] };
  }

  /** Every node of a type, in the order of the tree. */
  all(type) {
    return this.types.get(type) ?? [];
  }

  parent(node) {
    return this.parents.get(node);
  }

  /** The variable that an identifier declares or refers to; undefined for a global and for what is no name. */
  variable(identifier) {
    return this.variables.get(identifier);
  }

  /** The identifiers that refer to the global of that name. */
  global(name) {
    return this.globals.get(name) ?? [];
  }

  isGlobal(node, name) {
    return node?.type === "Identifier" && node.name === name && this.global(name).includes(node);
  }

  /** Whether a node is `exports` or `module.exports`. */
  isExports(node) {
    if (node.type !== "MemberExpression") return this.isGlobal(node, "exports");
    return this.isGlobal(node.object, "module") && propertyName(node) === "exports";
  }

  /** The expression that a variable always is: it is written once, where it is declared. */
  constant(identifier) {
    const variable = this.variable(identifier);
    if (variable?.defs.length !== 1 || writes(variable) !== 1) return undefined;
    const [{ type, node }] = variable.defs;
    return type === "Variable" && node.id.type === "Identifier" ? (node.init ?? undefined) : undefined;
  }

  /** The function that an expression always is, by its name or itself. */
  function(node) {
    if (isFunction(node)) return node;
    if (node?.type !== "Identifier") return undefined;
    const variable = this.variable(node);
    if (variable?.defs.length === 1 && variable.defs[0].type === "FunctionName" && !writes(variable)) {
      return variable.defs[0].node;
    }
    const value = this.constant(node);
    return isFunction(value) ? value : undefined;
  }

  /** The calls that name a function of the script, which has one name. */
  callsOf(made) {
    const named = made.type === "FunctionDeclaration" ? made.id : this.parent(made)?.id;
    const references = named && this.function(named) === made ? this.variable(named).references : [];
    return references.map(({ identifier }) => this.parent(identifier)).filter((parent) => isCalled(parent, references));
  }

  /** Node makes a script the body of a function with parameters of its own, which the parser does not know. */
  refuseTaken({ variables }) {
    const taken = variables.find(({ name, defs }) => PARAMETERS.has(name) && defs.some(isLexical));
    if (!taken) return;
    const loc = this.position(taken.identifiers[0].start);
    throw Object.assign(new SyntaxError(`Identifier '${taken.name}' has already been declared`), { loc });
  }

  walk(node, parent) {
    this.parents.set(node, parent);
    const list = this.types.get(node.type);
    if (list) list.push(node);
    else this.types.set(node.type, [node]);
    for (const key in node) {
      const value = node[key];
      if (value === null || typeof value !== "object") continue;
      for (const each of Array.isArray(value) ? value : [value]) if (isNode(each)) this.walk(each, node);
    }
  }

  take(scope) {
    for (const variable of scope.variables) {
      for (const identifier of variable.identifiers) this.variables.set(identifier, variable);
    }
    for (const { identifier, resolved } of scope.references) {
      if (resolved?.defs.length) this.variables.set(identifier, resolved);
      else this.globals.set(identifier.name, [...(this.globals.get(identifier.name) ?? []), identifier]);
    }
  }
}

/** Whether a variable may not have the name of a parameter of the function that it is in. */
function isLexical({ type, parent }) {
  return type === "ClassName" || (type === "Variable" && parent.kind !== "var");
}

function isNode(value) {
  return typeof value?.type === "string";
}

/** Whether a node calls one of those that are referred to. */
function isCalled({ type, callee }, references) {
  return type === "CallExpression" && references.some(({ identifier }) => identifier === callee);
}

function isFunction(node) {
  return /^(ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/.test(node?.type ?? "");
}

/** How often a variable is given a value. */
function writes(variable) {
  return variable.references.filter((reference) => reference.isWrite()).length;
}

/** The name of a property, where the text alone tells it. */
function propertyName({ property, computed }) {
  if (!computed && property.type === "Identifier") return property.name;
  if (property.type === "Literal") return String(property.value);
  const fixed = property.type === "TemplateLiteral" && !property.expressions.length;
  return fixed ? property.quasis[0].value.cooked : undefined;
}

/** The name of a property of an object or of a pattern. */
function keyName({ key, computed }) {
  return propertyName({ property: key, computed });
}

module.exports = { Program, isFunction, keyName, propertyName, writes };
