"""How cases ended as JUnit XML, which GitLab, Jenkins and the reporters of GitHub read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reconciler.model.case import Failure, Outcome
from reconciler.report.cases import executions_of, owner_of, took_ms
from reconciler.report.visible import visible

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, whichever way they are written."""


def junit_xml(outcomes: Sequence[Outcome], prefix: str = "") -> str:
    """A test suite for each action and flow, a test case for each case: how long the code took, why it failed, and what
    it wrote to the console. Paths begin at the top of the git repository, in which `prefix` is the folder of ours.

    Elements and attributes are those of junit-10.xsd of Jenkins' xunit plugin, and `file` and `line` of a test case
    besides, which GitLab links to.
    """
    top = Element("testsuites", _counts(outcomes), name="reconciler")
    for owner, group in groupby(outcomes, owner_of):
        theirs = tuple(group)
        suite = SubElement(
            top, "testsuite", _counts(theirs), skipped="0", name=_text(owner), file=_text(prefix + theirs[0].file)
        )
        for outcome in theirs:
            _add_case(suite, outcome, prefix)
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _add_case(suite: Element, outcome: Outcome, prefix: str) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=_text(owner_of(outcome)),
        name=_text(outcome.case),
        time=_seconds(outcome),
        file=_text(prefix + outcome.file),
        line=str(outcome.line),
    )
    if outcome.failures:
        first, *others = outcome.failures
        more = f" (and {len(others)} more)" if others else ""
        failure = SubElement(case, "failure", message=_text(first.message + more), type="failure")
        failure.text = _text("\n".join(line for each in outcome.failures for line in _told(each)))
    if said := [line for each in executions_of(outcome) for line in each.console]:
        SubElement(case, "system-out").text = _text("\n".join(said))
    if stacks := [each.error.stack for each in executions_of(outcome) if each.error and each.error.stack]:
        SubElement(case, "system-err").text = _text("\n".join(stacks))


def _told(failure: Failure) -> Iterator[str]:
    at = f" (code.js:{failure.line}:{failure.column})" if failure.line else ""
    yield f"{failure.message}{at}"
    yield from failure.diff


def _counts(outcomes: Iterable[Outcome]) -> dict[str, str]:
    all_of = tuple(outcomes)
    failed = sum(each.status == "failed" for each in all_of)
    counts = {"tests": len(all_of), "failures": failed, "errors": 0}
    return {**{name: str(count) for name, count in counts.items()}, "time": _seconds(*all_of)}


def _seconds(*outcomes: Outcome) -> str:
    return f"{sum(map(took_ms, outcomes)) / 1000:.3f}"


def _text(text: str) -> str:
    return _NO_XML.sub(lambda found: visible(found[0]), text)
