"""Every request we make, and every answer of the stand-in, is one that GitHub's own description has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest

from reconciler.errors import GitHubError
from reconciler.github.gateway import GitHub
from reconciler.model.github import CommitStatus
from reconciler.model.pipeline import Annotation
from tests.github.description import KEPT, USED, description
from tests.github.opened import ask
from tests.github.standin import READ_ONLY, TOKEN, Served, State, Token, serving
from tests.github.standin.contract import broken_rules, operation_of

SHA = "a1" * 20
OTHER = "b2" * 20
NOTE = Annotation(level="failure", path="actions/x/code.js", line=3, column=2, title="no-undef", message="x is not")


@pytest.fixture(scope="module")
def github() -> Iterator[Served]:
    state = State(branches={"main": OTHER, "topic": SHA, "adopt": "c3" * 20})
    with serving(state) as served:
        yield served


async def whole_conversation(github: GitHub) -> None:
    """Every method of the gateway at least once."""
    await github.read_login()
    kept, gone = await github.create_comment(1, "**plan**"), await github.create_comment(1, "old")
    await github.update_comment(kept.id, "**another plan**")
    await github.delete_comment(gone.id)
    await github.read_comments(1)
    whole_file = NOTE.model_copy(update={"line": 0, "column": 0, "level": "warning", "title": ""})
    await github.create_check(
        SHA,
        "reconciler / plan (prod)",
        "failure",
        "1 change",
        "text",
        [NOTE, whole_file] * 60,
        "sha256:1",
        "https://x.io",
    )
    await github.create_check(SHA, "reconciler / test", "success", "", "")
    await github.read_checks(SHA, "reconciler / plan (prod)")
    await github.create_status(
        SHA, CommitStatus(context="reconciler", state="success", description="d"), "https://x.io"
    )
    await github.read_statuses(SHA)
    await github.read_pull(1)
    await github.read_pulls_of(SHA)
    await github.ensure_pull("adopt", "main", "Adopt", "what the tenant has")
    adopted = await github.ensure_pull("adopt", "main", "Adopt more", "what the tenant has")
    await github.read_proposals("adopt", "main")
    await github.close_pull(adopted.number)
    issue = await github.create_issue("Drift in prod", "table", ["drift"])
    await github.update_issue(issue.number, "Drift in prod", "another table")
    await github.read_issues("drift")
    await github.read_issues(state="all", creator="github-actions[bot]")
    await github.assign(issue.number, ["ada", "nobody"])
    await github.close_issue(issue.number)
    await github.reopen_issue(issue.number, "Drift in prod", "and again")
    deployment = await github.create_deployment(SHA, "prod", "12 versions", {"checksum": "sha256:1"})
    await github.create_deployment_status(deployment.id, "success", "done", "https://x.io/run")
    await github.read_deployments(SHA, "prod")
    await github.read_deployment_states(deployment.id)


@pytest.fixture(scope="module")
def spoken(github: Served) -> Served:
    pull = github.state.pull("topic", SHA)
    github.state.merge(pull.number, OTHER)
    fork = github.state.pull("patch-1", "d4" * 20, repository="mallory/identity")
    ask(github.access(), whole_conversation)
    ask(github.access(), lambda opened: opened.read_pull(fork.number))
    return github


@pytest.mark.parametrize("used", USED)
def test_an_operation_is_asked_and_answered_as_described(spoken: Served, used: str) -> None:
    asked = [seen for seen in spoken.state.requests if operation_of(seen) == used]
    assert asked
    assert [rule for seen in asked for rule in broken_rules(seen)] == []


def test_nothing_else_is_asked_but_who_we_are(spoken: Served) -> None:
    strange = {(seen.method, seen.path) for seen in spoken.state.requests if not operation_of(seen)}
    assert strange == {("POST", "/graphql")}


def test_the_token_is_in_one_header_and_nowhere_else(spoken: Served) -> None:
    for seen in spoken.state.requests:
        told = f"{seen.path} {seen.query} {seen.body} {sorted(seen.headers.items())}"
        assert (told.count(TOKEN), seen.headers["authorization"]) == (1, f"Bearer {TOKEN}")


WRITES: dict[str, Callable[[GitHub], Awaitable[object]]] = {
    "comment": lambda github: github.create_comment(1, "hello"),
    "empty comment": lambda github: github.create_comment(1, ""),
    "long comment": lambda github: github.create_comment(1, "x" * 65_537),
    "comment nowhere": lambda github: github.create_comment(99, "hello"),
    "comment of nobody": lambda github: github.update_comment(99, "hello"),
    "check": lambda github: github.create_check(SHA, "n", "success", "t", "s"),
    "check of no commit": lambda github: github.create_check("0", "n", "success", "t", "s"),
    "status": lambda github: github.create_status(SHA, CommitStatus(context="c", state="success")),
    "issue": lambda github: github.create_issue("t", "b"),
    "long issue": lambda github: github.create_issue("t" * 257, "b"),
    "pull": lambda github: github.ensure_pull("nowhere", "main", "t", "b"),
    "pull nowhere": lambda github: github.read_pull(99),
    "deployment": lambda github: github.create_deployment(SHA, "prod"),
    "deployment status nowhere": lambda github: github.create_deployment_status(99, "success"),
}


@pytest.mark.parametrize("token", ["read", "person", "unknown", "all"])
@pytest.mark.parametrize("write", WRITES)
def test_a_refusal_is_worded_as_described(spoken: Served, token: str, write: str) -> None:
    spoken.state.tokens |= {"read": READ_ONLY, "person": Token("ada", "", {"issues": "write"})}
    before = len(spoken.state.requests)
    try:
        ask(spoken.access(token if token != "all" else TOKEN), WRITES[write])
    except GitHubError as refused:
        assert refused.remedy
    assert [rule for seen in spoken.state.requests[before:] for rule in broken_rules(seen)] == []


def test_the_kept_description_is_small_and_says_where_it_is_from() -> None:
    assert KEPT.stat().st_size < 200_000
    assert description()["source"]["package"] == "@octokit/openapi"
    assert description()["source"]["licence"] == "MIT"
