"""Whatever is told, GitHub takes it: texts are cut to its limits, annotations go in as many requests as they need."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.errors import GitHubIncomplete
from reconciler.github.access import open_github
from reconciler.github.gateway import GitHub
from reconciler.github.sizes import BODY, CUT, SUMMARY_BYTES, cut, cut_bytes
from reconciler.model.github import CommitStatus
from reconciler.model.pipeline import Annotation
from tests.github.opened import Clock, ask
from tests.github.standin import Served, serving
from tests.github.standin.contract import broken_rules

SHA = "a1" * 20
# GitHub refuses what is blank; who writes says something.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300).filter(str.strip)
LONG = st.builds(lambda word, times: word * times, WORDS, st.sampled_from([1, 3, 400, 1200]))


@pytest.fixture(scope="module")
def github() -> Iterator[Served]:
    with serving() as served:
        served.state.pull("topic", SHA)
        yield served


@given(text=st.text(max_size=40), most=st.integers(3, 30))
def test_a_cut_text_fits_and_begins_as_the_whole_does(text: str, most: int) -> None:
    assert len(cut(text, most)) <= most
    assert len(cut_bytes(text, most).encode(errors="strict")) <= most
    for shorter in (cut(text, most), cut_bytes(text, most)):
        assert shorter == text or (shorter.endswith(CUT) and text.startswith(shorter.removesuffix(CUT)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    text=LONG,
    title=WORDS | LONG,
    notes=st.lists(
        st.builds(
            Annotation,
            level=st.sampled_from(["failure", "warning", "notice"]),
            path=st.just("actions/x/code.js"),
            line=st.integers(0, 5),
            column=st.integers(0, 5),
            title=st.just("") | WORDS | LONG,
            message=LONG,
        ),
        max_size=3,
    ),
    times=st.sampled_from([1, 17, 50]),
)
def test_github_takes_whatever_is_told(
    github: Served, text: str, title: str, notes: list[Annotation], times: int
) -> None:
    async def tell(opened: GitHub) -> None:
        check = await opened.create_check(SHA, "n", "failure", title, text, notes * times, "sum")
        assert len(github.state.checks[check.id].annotations) == len(notes) * times
        await opened.create_status(SHA, CommitStatus(context="c", state="success", description=text))
        await opened.create_comment(1, text)
        await opened.create_issue(title, text)
        deployment = await opened.create_deployment(SHA, "prod", text)
        await opened.create_deployment_status(deployment.id, "success", text)

    github.state.remaining, github.state.statuses[:] = 10_000, []
    github.state.requests.clear()
    ask(github.access(), tell)
    assert [rule for seen in github.state.requests for rule in broken_rules(seen)] == []


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 1), (50, 1), (51, 2), (120, 3)])
def test_annotations_go_in_order_in_as_few_requests_as_they_need(github: Served, count: int, requests: int) -> None:
    notes = [Annotation(level="notice", path=f"{n}.js", title="", message="m") for n in range(count)]
    github.state.requests.clear()
    check = ask(github.access(), lambda opened: opened.create_check(SHA, "n", "success", "t", "s", notes))
    assert [each["path"] for each in github.state.checks[check.id].annotations] == [f"{n}.js" for n in range(count)]
    assert len(github.state.requests) == requests
    assert github.state.requests[0].json["conclusion"] == "success"


def test_a_check_is_concluded_from_its_first_request_on(github: Served) -> None:
    notes = [Annotation(level="notice", path="x", title="", message="m")] * 51
    github.state.fail("500", "PATCH check-runs")
    with pytest.raises(GitHubIncomplete, match="500"):
        ask(github.access(), lambda opened: opened.create_check("b2" * 20, "n", "failure", "t", "s", notes))
    check = github.state.checks_of("b2" * 20)["n"]
    assert (check.status, check.conclusion, len(check.annotations)) == ("completed", "failure", 50)


def test_a_place_without_a_line_is_the_first_line_and_has_no_column(github: Served) -> None:
    note = Annotation(level="failure", path="flows/x.yaml", line=0, column=7, title="", message="m")
    check = ask(github.access(), lambda opened: opened.create_check(SHA, "n", "failure", "t", "s", [note]))
    assert github.state.checks[check.id].annotations == [
        {"path": "flows/x.yaml", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "m"}
    ]


def test_a_secret_is_taken_out_before_a_text_is_cut(github: Served) -> None:
    secret = "s3cr3t-value-that-is-known"
    text = "x" * (BODY - 10) + secret

    def edit(told: str) -> str:
        return told.replace(secret, "<secret>")

    async def tell() -> None:
        async with open_github(github.access(), clock=Clock(), edit=edit) as opened:
            await opened.create_comment(1, text)
            await opened.create_check(SHA, "cut", "success", "t", "x" * (SUMMARY_BYTES - 10) + secret)

    asyncio.run(tell())
    assert "s3cr" not in github.state.comments_on(1)[-1].body
    assert "s3cr" not in (github.state.checks_of(SHA)["cut"].summary or "")
