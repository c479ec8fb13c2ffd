from __future__ import annotations

import pytest

from reconciler.desired.checks.handlers import CodeFacts, handler_problems
from reconciler.desired.load import load_repository
from reconciler.desired.tree import Worktree
from tests.desired.conftest import GOOD

ACTIONS = load_repository(Worktree(GOOD)).actions
FILE = "actions/enrich-token/code.js"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (CodeFacts(handlers={"onExecutePostLogin": (1, 1)}), []),
        (CodeFacts(handlers={"onExecutePostLogin": (1, 1), "onContinuePostLogin": (5, 1), "once": (9, 1)}), []),
        (
            CodeFacts(handlers={"onContinuePostLogin": (5, 1)}),
            [f"{FILE}: the code does not export onExecutePostLogin, which trigger 'post-login' calls."],
        ),
        (
            CodeFacts(handlers={"onExecuteLogin": (3, 9)}),
            [
                f"{FILE}:3:9: trigger 'post-login' has no handler 'onExecuteLogin'; did you mean 'onExecutePostLogin'?",
            ],
        ),
        (
            CodeFacts(syntax_error=("Unexpected token '}'", 4, 2)),
            [f"{FILE}:4:2: the code does not parse: Unexpected token '}}'."],
        ),
    ],
)
def test_exports_are_held_against_the_handlers_of_the_trigger(facts: CodeFacts, said: list[str]) -> None:
    found = sorted(handler_problems(ACTIONS, {FILE: facts}))
    assert [f"{problem.span}: {problem.message}" for problem in found] == said
    assert all(problem.remedy for problem in found)


def test_code_nobody_looked_at_is_passed_over() -> None:
    assert list(handler_problems(ACTIONS, {})) == []
