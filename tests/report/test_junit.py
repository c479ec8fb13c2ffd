"""JUnit XML: what its readers find in it."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Execution, Thrown
from reconciler.report.junit import junit_xml

COUNTS = {"tests", "failures", "errors", "time", "name"}
ALLOWED = {
    "testsuites": COUNTS,
    "testsuite": COUNTS | {"skipped", "file"},
    "testcase": {"name", "time", "classname", "file", "line"},
    "failure": {"type", "message"},
    "system-out": set[str](),
    "system-err": set[str](),
}
"""What junit-10.xsd of Jenkins' xunit plugin has, with file and line of a test case, which pytest and GitLab have."""


def outcome(action: str, case: str, *failures: Failure, **ran: object) -> Outcome:
    told = {"action": action, "handler": "onExecutePostLogin", "duration_ms": 12.0, **ran}
    execution = Execution.model_validate(told)
    return Outcome(
        action=action,
        case=case,
        status="failed" if failures else "passed",
        failures=failures,
        execution=execution,
        file=f"actions/{action}/cases.yaml",
        line=3,
    )


def elements(top: Element) -> list[Element]:
    return list(top.iter())


def test_each_action_is_a_suite_and_each_case_a_test_case_with_its_file() -> None:
    failed = outcome("b", "says so", Failure(message="got 2.", diff=("- 1", "+ 2"), line=4, column=2))
    read = junitparser.JUnitXml.fromstring(
        junit_xml([outcome("a", "one"), outcome("a", "two"), failed], "identity/").encode()
    )
    assert (read.tests, read.failures, read.errors, read.time) == (3, 1, 0, 0.036)
    assert [(suite.name, suite.tests, suite.failures) for suite in read] == [("a", 2, 0), ("b", 1, 1)]
    (case,) = list(list(read)[1])
    assert (case.classname, case.name, case.time) == ("b", "says so", 0.012)
    assert case._elem.attrib["file"] == "identity/actions/b/cases.yaml"
    assert case.result[0].message == "got 2."
    assert case.result[0].text == "got 2. (code.js:4:2)\n- 1\n+ 2"


def test_a_case_of_a_flow_is_of_its_flow() -> None:
    told = Outcome(action="", case="denies", status="passed", file="flows/post-login.cases.yaml", line=1)
    (suite,) = junitparser.JUnitXml.fromstring(junit_xml([told]).encode())
    assert suite.name == "flows/post-login"


def test_console_and_stack_are_kept_beside_the_failure() -> None:
    thrown = Thrown(name="TypeError", message="no", stack="TypeError: no\n  at code.js:1:2")
    text = junit_xml([outcome("a", "throws", Failure(message="m"), console=("one", "<two>"), error=thrown)])
    case = fromstring(text).find("testsuite/testcase")
    assert case is not None
    assert case.findtext("system-out") == "one\n<two>"
    assert case.findtext("system-err") == "TypeError: no\n  at code.js:1:2"


def test_several_failures_are_one_that_tells_all() -> None:
    text = junit_xml([outcome("a", "x", Failure(message="first"), Failure(message="second"))])
    failures = fromstring(text).findall("testsuite/testcase/failure")
    assert [(each.get("message"), each.text) for each in failures] == [("first (and 1 more)", "first\nsecond")]


def test_only_what_the_published_schema_has_is_written() -> None:
    thrown = Thrown(name="E", message="m", stack="s")
    text = junit_xml([outcome("a", "x", Failure(message="m"), console=("c",), error=thrown), outcome("b", "y")])
    for element in elements(fromstring(text)):
        assert set(element.attrib) <= ALLOWED[element.tag], element.tag


@pytest.mark.parametrize("said", ["\x1b[31mred\x00", "\ufffe", "a\x0bb", "\ud800", "]]>", "\x85 \u2028 😀"])
def test_what_xml_cannot_hold_is_spelt_out(said: str) -> None:
    text = junit_xml([outcome("a", said, Failure(message=said), console=(said,))])
    case = fromstring(text.encode()).find("testsuite/testcase")
    assert case is not None
    assert case.get("name")


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_a_case_says_the_file_can_be_read(said: str) -> None:
    text = junit_xml([outcome("a", said or "x", Failure(message=said, diff=(said,)), console=(said,))], prefix=said)
    assert fromstring(text.encode()).get("tests") == "1"


def test_without_cases_there_are_no_suites() -> None:
    top = fromstring(junit_xml([]))
    assert (top.tag, top.get("tests"), len(top)) == ("testsuites", "0", 0)


def test_the_same_outcomes_give_the_same_bytes() -> None:
    told = [outcome("a", "x", Failure(message="m"))]
    assert junit_xml(told) == junit_xml(told)
