"""The stand-in refuses what GitHub refuses, in its words: what it takes would prove nothing otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.github.standin import READ_ONLY, TOKEN, Served, State, Token, serving
from tests.github.standin.state import Comment, Issue, Status

SHA = "a1" * 20
AT = "2026-11-23T12:00:00Z"
HERE = "/repos/acme/identity"
NOTE = {"path": "x.js", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}


@pytest.fixture(scope="module")
def github() -> Iterator[Served]:
    state = State(branches={"main": "b2" * 20, "topic": SHA, "same": "b2" * 20})
    with serving(state) as served:
        state.pull("topic", SHA)
        state.tokens |= {"fork": READ_ONLY, "person": Token("ada", "", dict.fromkeys(["checks", "issues"], "write"))}
        yield served
        state.requests.clear()  # they were meant to be odd


def ask(github: Served, method: str, path: str, body: Any = None, token: str = TOKEN) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=github.url, trust_env=False, headers=headers) as http:
        return http.request(method, path, json=body)


def check(**told: Any) -> dict[str, Any]:
    return {"name": "n", "head_sha": SHA, "conclusion": "success", "output": {"title": "t", "summary": "s"}} | told


def output(**told: Any) -> dict[str, Any]:
    return check(output={"title": "t", "summary": "s"} | told)


STATUS = {"state": "success", "context": "full"}
PULL = {"title": "t", "head": "topic", "base": "main"}
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "/issues/1/comments", {"body": "x" * 65_537}, "Body is too long (maximum is 65536 characters)"),
    ("POST", "/issues/1/comments", {"body": " "}, "Body cannot be blank"),
    ("POST", "/issues/1/comments", {}, "missing_field"),
    ("POST", "/issues", {"title": "t" * 257}, "title is too long (maximum is 256 characters)"),
    ("POST", "/issues", {"title": "t", "body": "x" * 65_537}, "body is too long (maximum is 65536 characters)"),
    ("POST", "/issues", {"body": "no title"}, "missing_field"),
    ("POST", "/check-runs", output(annotations=[NOTE] * 51), "No more than 50 items are allowed; 51 were supplied."),
    ("POST", "/check-runs", output(summary="x" * 65_536), "Only 65535 characters are allowed; 65536 were supplied."),
    ("POST", "/check-runs", output(summary="é" * 32_768), "summary exceeds a maximum bytesize of 65535"),
    ("POST", "/check-runs", output(annotations=[NOTE | {"message": "x" * 65_537}]), "message exceeds"),
    ("POST", "/check-runs", output(annotations=[NOTE | {"title": "x" * 256}]), "title is too long"),
    ("POST", "/check-runs", output(annotations=[NOTE | {"start_line": 0}]), "start_line"),
    ("POST", "/check-runs", output(annotations=[NOTE | {"annotation_level": "error"}]), "error is not a member of"),
    ("POST", "/check-runs", output(annotations=[NOTE | {"end_line": 2, "start_column": 1}]), "Columns"),
    ("POST", "/check-runs", output(title=""), "title"),
    ("POST", "/check-runs", check(head_sha="main"), "No commit found for SHA: main"),
    ("POST", "/check-runs", check(conclusion="great"), "conclusion"),
    ("POST", "/check-runs", {"name": "n", "head_sha": SHA, "status": "completed"}, "conclusion"),
    ("POST", "/check-runs", check(details_url="javascript:alert(1)"), "http(s) scheme"),
    ("POST", f"/statuses/{SHA}", STATUS | {"description": "x" * 141}, "description is too long (maximum is 140"),
    ("POST", f"/statuses/{SHA}", STATUS, "This SHA and context has reached the maximum number of statuses."),
    ("POST", f"/statuses/{SHA}", {"state": "green"}, "state is not included in the list"),
    ("POST", f"/statuses/{'c' * 39}", STATUS, "No commit found for SHA"),
    ("POST", "/pulls", PULL, "A pull request already exists for acme:topic."),
    ("POST", "/pulls", PULL | {"head": "nowhere"}, "invalid"),
    ("POST", "/pulls", PULL | {"head": "same"}, "No commits between main and same"),
    ("PATCH", "/issues/7", {"state": "gone"}, "state"),
    ("POST", "/deployments", {"environment": "prod"}, "missing_field"),
    ("POST", "/deployments", {"ref": "nowhere"}, "No commit found for SHA"),
]


@pytest.mark.parametrize(("method", "path", "body", "words"), REFUSED)
def test_what_github_refuses_is_refused_in_its_words(
    github: Served, method: str, path: str, body: dict[str, Any], words: str
) -> None:
    github.state.statuses[:] = [Status(n, SHA, "full", "success", "", None, "ada", AT) for n in range(1000)]
    github.state.issues[7] = Issue(7, "Drift", "table", [], "ada", AT, AT)
    answer = ask(github, method, HERE + path, body)
    assert answer.status_code == 422
    assert words in answer.text
    assert answer.json()["documentation_url"]


def test_a_deployment_waits_for_the_checks_of_its_commit_unless_told_not_to(github: Served) -> None:
    ask(github, "POST", f"{HERE}/check-runs", check(conclusion="failure"))
    github.state.statuses.clear()
    refused = ask(github, "POST", f"{HERE}/deployments", {"ref": SHA})
    assert (refused.status_code, "status checks failed" in refused.text) == (409, True)
    assert ask(github, "POST", f"{HERE}/deployments", {"ref": SHA, "required_contexts": []}).status_code == 201


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        ("", 401, "Requires authentication"),
        ("guessed", 401, "Bad credentials"),
        ("fork", 403, "Resource not accessible by integration"),
        ("person", 403, "You must authenticate via a GitHub App."),
    ],
)
def test_who_may_not_write_a_check_is_told_why(github: Served, token: str, status: int, words: str) -> None:
    answer = ask(github, "POST", f"{HERE}/check-runs", check(), token)
    assert (answer.status_code, answer.json()["message"]) == (status, words)
    if token == "fork":
        assert answer.headers["x-accepted-github-permissions"] == "checks=write"


def test_what_a_fork_may_read_it_reads(github: Served) -> None:
    assert ask(github, "GET", f"{HERE}/issues/1/comments", token="fork").status_code == 200
    assert ask(github, "POST", f"{HERE}/issues/1/comments", {"body": "x"}, token="fork").status_code == 403
    assert ask(github, "GET", "/user", token="fork").status_code == 403


def test_the_author_of_a_comment_is_whom_the_token_speaks_for(github: Served) -> None:
    logins = [
        ask(github, "POST", f"{HERE}/issues/1/comments", {"body": "x"}, token).json()["user"]["login"]
        for token in (TOKEN, "person")
    ]
    assert logins == ["github-actions[bot]", "ada"]


def test_only_the_app_that_made_a_check_may_change_it(github: Served) -> None:
    github.state.tokens["app"] = Token("acme-deploys[bot]", "acme-deploys")
    made = ask(github, "POST", f"{HERE}/check-runs", check()).json()
    path = f"{HERE}/check-runs/{made['id']}"
    assert ask(github, "PATCH", path, {"external_id": "forged"}, "app").status_code == 403
    assert ask(github, "PATCH", path, {"external_id": "own"}).json()["external_id"] == "own"


def test_pages_are_as_long_as_asked_and_lead_to_each_other(github: Served) -> None:
    github.state.comments = {n: Comment(n, 1, str(n), "ada", AT, AT) for n in range(65)}
    first = ask(github, "GET", f"{HERE}/issues/1/comments")
    assert len(first.json()) == 30
    assert set(first.links) == {"next", "last"}
    middle = ask(github, "GET", first.links["next"]["url"])
    assert [each["body"] for each in middle.json()] == [str(n) for n in range(30, 60)]
    assert set(middle.links) == {"prev", "next", "last", "first"}
    last = ask(github, "GET", middle.links["last"]["url"])
    assert (len(last.json()), set(last.links)) == (5, {"prev", "first"})
    assert len(ask(github, "GET", f"{HERE}/issues/1/comments?per_page=1000").json()) == 65


def test_every_answer_says_what_is_left_of_the_limit(github: Served) -> None:
    left = [int(ask(github, "GET", f"{HERE}/issues").headers["x-ratelimit-remaining"]) for _ in range(2)]
    assert left[1] == left[0] - 1
    github.state.remaining, kept = 0, github.state.remaining
    answer = ask(github, "GET", f"{HERE}/issues")
    github.state.remaining = kept
    assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (403, "0")


def test_a_fault_meets_the_call_it_is_meant_for(github: Served) -> None:
    github.state.fail("500", "POST comments", call=2, times=2)
    path = f"{HERE}/issues/1/comments"
    codes = [ask(github, "POST", path, {"body": "x"}).status_code for _ in range(4)]
    assert codes == [201, 500, 500, 201]
    assert [ask(github, "GET", path).status_code for _ in range(2)] == [200, 200]


def test_a_cut_connection_is_cut_before_or_after(github: Served) -> None:
    path, before = f"{HERE}/issues/1/comments", len(github.state.comments)
    for do, made in (("lost", 0), ("lost-after", 1)):
        github.state.fail(do, "POST comments")
        with pytest.raises(httpx.RequestError):
            ask(github, "POST", path, {"body": "x"})
        assert len(github.state.comments) - before == made


def test_everything_that_is_asked_is_kept_with_its_answer(github: Served) -> None:
    ask(github, "POST", f"{HERE}/issues/1/comments?x=1", {"body": "kept"})
    seen = github.state.requests[-1]
    assert (seen.method, seen.path, seen.query) == ("POST", f"{HERE}/issues/1/comments", {"x": "1"})
    assert (seen.json, seen.status, seen.answer["body"]) == ({"body": "kept"}, 201, "kept")
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"


def test_another_repository_and_another_path_are_not_found(github: Served) -> None:
    paths = (
        "/repos/acme/other/issues",
        "/repos/acme/identity/secrets",
        f"{HERE}/issues/x/comments",
        "/",
        f"{HERE}/pulls/99",
    )
    assert {ask(github, "GET", path).status_code for path in paths} == {404}
