"""Comments that say to leave a finding alone: `// reconciler-ignore R051: the service answers at once`.

A comment on a line of its own is about the next line of code, one at the end of a line about that line. In YAML files
it is `# reconciler-ignore R021: ...`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reconciler.catalogue.rules import RULES
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic, Span
from reconciler.model.code import CodeFacts, IgnoreComment, Place

MARK = "reconciler-ignore"
FORM = f"Write `{MARK} R051: the reason`."

_FORM = re.compile(r"(?P<codes>[\w-]+(?:[\s,]+[\w-]+)*)\s*:\s*\S")
_YAML = re.compile(rf"(?:^|(?<=\s))#\s*{MARK}\b(?P<text>.*)")


class Ignore(NamedTuple):
    """One comment that is well-formed: the codes that it names, where it stands, and the line that it is about."""

    codes: tuple[str, ...]
    span: Span
    target: int

    def covers(self, finding: Diagnostic) -> bool:
        """Whether it is about that finding."""
        there = finding.span.file == self.span.file and finding.span.line == self.target
        return there and finding.code in self.codes


def comments(facts: Mapping[str, CodeFacts], yaml_files: Mapping[str, str]) -> Iterator[tuple[str, IgnoreComment]]:
    """Every ignoring comment with the file that it stands in: of code by its facts, of YAML files by their text."""
    for file, found in facts.items():
        yield from ((file, remark) for remark in found.remarks)
    for file, text in yaml_files.items():
        yield from ((file, remark) for remark in _in_yaml(text))


def judged(findings: Iterable[Diagnostic], remarks: Iterable[tuple[str, IgnoreComment]]) -> Iterator[Diagnostic]:
    """The findings that no comment ignores, and what is wrong with the comments themselves."""
    ignores: list[Ignore] = []
    for file, remark in remarks:
        span = Span(file, remark.at.line, remark.at.column)
        wrong = _wrong(remark.text, span)
        yield from wrong
        if not wrong:
            ignores.append(Ignore(_codes(remark.text), span, remark.target))
    used: set[tuple[Span, str]] = set()
    for finding in findings:
        covering = [ignore for ignore in ignores if ignore.covers(finding)]
        used |= {(ignore.span, finding.code) for ignore in covering}
        if not covering:
            yield finding
    for ignore in ignores:
        for code in ignore.codes:
            if (ignore.span, code) not in used:
                message = f"nothing is found here that {code} is about."
                yield _finding("R092", ignore.span, message, "Remove the comment, or put it where the finding is.")


def _wrong(text: str, span: Span) -> tuple[Diagnostic, ...]:
    if not _FORM.match(text):
        message = f"`{MARK}` says what is ignored and why, and this does not."
        return (_finding("R090", span, message, FORM),)
    unknown = [code for code in _codes(text) if code not in RULES]
    return tuple(
        _finding("R091", span, f"there is no rule '{code}'{did_you_mean(code, RULES)}", "`reconciler rule` lists all.")
        for code in unknown
    )


def _codes(text: str) -> tuple[str, ...]:
    found = _FORM.match(text)
    return tuple(re.split(r"[\s,]+", found["codes"])) if found else ()


def _finding(code: str, span: Span, message: str, remedy: str) -> Diagnostic:
    return Diagnostic(span, message, remedy, code, RULES[code].severity)


def _in_yaml(text: str) -> Iterator[IgnoreComment]:
    if MARK not in text:
        return
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if found := _YAML.search(line):
            target = at if line[: found.start()].strip() else _next(lines, at + 1)
            yield IgnoreComment(found["text"].strip(), Place(at + 1, found.start() + 1), target + 1)


def _next(lines: list[str], at: int) -> int:
    """The next line that is neither empty nor a comment."""
    while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
        at += 1
    return at
