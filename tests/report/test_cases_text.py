"""How cases ended, on a terminal and in a pipe."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Call, Execution, Thrown
from reconciler.report.case_failure import failure_text
from reconciler.report.cases import case_line, group_line, nothing_line, summary_lines
from reconciler.report.code_frame import CodeFile
from reconciler.report.styled import Line, plain

CODE = {"greet": CodeFile("actions/greet/code.js", "one();\ntwo();\nthree();\n")}
DIFFERS = Failure(message="api call 1: expected a, got b.", diff=("  same", "- a", "+ b"), line=2, column=1)
RED, GREEN = "\x1b[31m", "\x1b[32m"


def told(renderable: RenderableType, *, terminal: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=160, force_terminal=terminal, color_system="standard" if terminal else None
    )
    console.print(renderable, highlight=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def outcome(*failures: Failure, case: str = "greets", action: str = "greet", **ran: object) -> Outcome:
    known = {"action": action, "handler": "onExecutePostLogin", "duration_ms": 3.2, **ran}
    return Outcome(
        action=action,
        case=case,
        status="failed" if failures else "passed",
        failures=failures,
        execution=Execution.model_validate(known),
        file=f"actions/{action}/cases.yaml",
        line=7,
    )


def test_an_action_is_one_line_with_its_cases_and_what_they_took() -> None:
    assert plain(group_line([outcome(), outcome()])) == "passed  greet  2 cases  6 ms"
    assert plain(group_line([outcome(), outcome(DIFFERS)])) == "failed  greet  1 of 2 cases  6 ms"


def test_a_case_can_be_a_line_of_its_own() -> None:
    assert plain(case_line(outcome())) == "passed  greet: greets  3 ms"


def test_a_failure_shows_its_difference_and_the_code_it_comes_from() -> None:
    assert told(failure_text(outcome(DIFFERS, console=("hi",)), CODE)) == (
        "failed  greet: greets  actions/greet/cases.yaml:7\n"
        "  api call 1: expected a, got b.\n"
        "      same\n"
        "    - a\n"
        "    + b\n"
        "    actions/greet/code.js:2:1\n"
        "      1 | one();\n"
        "    > 2 | two();\n"
        "        | ^\n"
        "      3 | three();\n"
        "  console  hi\n"
        "\n"
    )


def test_the_code_of_a_place_is_shown_once_in_a_case() -> None:
    again = Failure(message="effects: expected c, got d.", line=2, column=1)
    assert told(failure_text(outcome(DIFFERS, again), CODE)).count("> 2 | two();") == 1
    assert told(failure_text(outcome(DIFFERS, again), CODE)).count("actions/greet/code.js:2:1") == 2


def test_the_difference_has_colours_on_a_terminal_only() -> None:
    shown = failure_text(outcome(DIFFERS), CODE)
    assert f"{RED}    - a" in told(shown, terminal=True)
    assert f"{GREEN}    + b" in told(shown, terminal=True)
    assert "\x1b" not in told(shown)


def test_the_stack_is_shown_where_the_code_threw() -> None:
    thrown = Thrown(name="TypeError", message="no", stack="TypeError: no\n    at code.js:2:1", line=2, column=1)
    text = told(failure_text(outcome(Failure(message="error: expected none."), error=thrown), CODE))
    assert "  stack\n    TypeError: no\n        at code.js:2:1\n" in text


def test_verbose_shows_all_that_the_code_did() -> None:
    ran = outcome(DIFFERS, calls=(Call(method="access.deny", args=("no",)),))
    assert 'access.deny("no")' not in told(failure_text(ran, CODE))
    assert 'access.deny("no")' in told(failure_text(ran, CODE, verbose=True))


def test_code_that_is_not_known_is_not_shown() -> None:
    assert "|" not in told(failure_text(outcome(DIFFERS), {}))


def test_nothing_of_a_case_steers_the_terminal() -> None:
    rude = Failure(message="got \x1b[2J\u202e", diff=("- \x9b2J",))
    text = told(failure_text(outcome(rude, case="\x1b]0;x\x07", console=("\x1b[2J",)), CODE))
    assert not set(text) & {"\x1b", "\x9b", "\x07", "\u202e"}


def total(lines: Iterable[Line]) -> str:
    return plain([*lines][-1])


def test_the_summary_counts_cases_actions_and_flows() -> None:
    flow = Outcome(action="", case="denies", status="passed", file="flows/post-login.cases.yaml", line=1)
    assert total(summary_lines([outcome()], 0.31)) == "1 passed, 0 failed in 1 action, 0.3 s"
    both = summary_lines([outcome(), outcome(DIFFERS, action="other"), flow], 12.0, left_out=1)
    assert total(both) == "2 passed, 1 failed in 2 actions and 1 flow, 12.0 s (1 case left out)"
    assert total(summary_lines([outcome()], 0.3, at="10:15:00")).startswith("10:15:00  1 passed")


def test_the_three_slowest_are_named_where_they_are_slow() -> None:
    slow = [outcome(case=f"takes {took}", duration_ms=float(took)) for took in (99, 100, 1200, 300, 250)]
    assert [plain(line) for line in summary_lines(slow, 2.0)][:-1] == [
        "slow    1200 ms  greet: takes 1200",
        "slow     300 ms  greet: takes 300",
        "slow     250 ms  greet: takes 250",
    ]


def test_without_cases_it_says_how_to_begin() -> None:
    assert "reconciler new action NAME" in plain(nothing_line())
