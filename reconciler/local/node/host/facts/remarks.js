"use strict";
// Comments that say to leave a finding alone.

const MARK = /^[\s*]*reconciler-ignore\b/;

/** [{text, line, column, target}]: the text after the mark, where it stands, and the line that it is about. */
function remarksOf(program) {
  if (!program.comments.some(isRemark)) return [];
  const lines = program.code.split(/\r\n|[\n\r\u2028\u2029]/);
  const placed = program.comments.map((comment) => ({
    ...comment,
    from: program.position(comment.start),
    to: program.position(comment.end),
  }));
  const alone = new Set(placed.filter((comment) => isAlone(comment, lines)));
  const skipped = new Set([...alone].flatMap(({ from, to }) => range(from.line, to.line)));
  const after = (line) => {
    while (skipped.has(line) || lines[line - 1]?.trim() === "") line += 1;
    return line;
  };
  return placed.filter(isRemark).map((comment) => ({
    text: comment.text.replace(MARK, "").replace(/\s+/g, " ").trim(),
    at: program.place(comment),
    target: alone.has(comment) ? after(comment.to.line + 1) : comment.from.line,
  }));
}

function isRemark({ text }) {
  return MARK.test(text);
}

/** Whether nothing else stands on its lines. */
function isAlone({ from, to }, lines) {
  return !lines[from.line - 1].slice(0, from.column).trim() && !lines[to.line - 1].slice(to.column).trim();
}

function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

module.exports = { remarksOf };
