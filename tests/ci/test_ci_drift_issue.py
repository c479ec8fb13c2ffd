"""The issue of a tenant's drift by itself: what makes it another, and that there is only ever one."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.drift.standing import standing
from reconciler.errors import GitHubError
from reconciler.github.gateway import GitHub
from reconciler.model.drift import Drift
from reconciler.model.pipeline import PipelineRun
from reconciler.model.sighting import Sighting
from reconciler.report.pipeline.drift_issue import IssueText, drift_issue
from reconciler.run.ci.drift_issue import Comments, Done, Kept, Whose, close_orphans, read_kept, settle
from tests.github.opened import ask
from tests.github.standin import Served, serving
from tests.report.drifts import drift, edited

SAID = Comments("Nothing stands.", "There is drift again.")
WHOSE = Whose("acme", "prod")
RUN = PipelineRun(url="https://github.com/acme/identity/actions/runs/7")


def text(found: Drift) -> IssueText | None:
    stands = standing(found, (), runs=1)
    return drift_issue(found, stands, RUN) if stands.told else None


async def settled(github: GitHub, kept: Kept, found: Drift) -> Done:
    return (await settle(github, kept, text(found), SAID, ()))[1]


async def run(github: GitHub, found: Drift) -> Done:
    return await settled(github, await read_kept(github, WHOSE), found)


def open_issues(github: Served) -> list[int]:
    return [issue.number for issue in github.state.issues.values() if issue.state == "open"]


def test_two_runs_at_once_make_one_issue() -> None:
    found = drift(edited("greet", "1\n", "2\n"))

    async def both(github: GitHub) -> None:
        one, two = await read_kept(github, WHOSE), await read_kept(github, WHOSE)
        await asyncio.gather(settled(github, one, found), settled(github, two, found))

    with serving() as github:
        ask(github.access(), both)
        assert open_issues(github) == [1] and len(github.state.issues) == 2
        assert ask(github.access(), lambda opened: run(opened, found)) == "unchanged"


def test_issues_of_other_tenants_and_repositories_are_not_touched() -> None:
    found = drift(edited("greet", "1\n", "2\n"))
    with serving() as github:
        for other in (found, found.model_copy(update={"tenant": "dev"}), found.model_copy(update={"repo": "another"})):

            async def opened(opened: GitHub, other: Drift = other) -> Done:
                return await settled(opened, await read_kept(opened, Whose(other.repo, other.tenant)), other)

            assert ask(github.access(), opened) == "opened"
        assert ask(github.access(), lambda opened: run(opened, drift())) == "closed"
        assert open_issues(github) == [2, 3]


def test_issues_of_tenants_that_are_gone_are_closed_and_opened_again_with_them() -> None:
    found = drift(edited("greet", "1\n", "2\n"))
    folder = replace(WHOSE, folder="eu")

    async def story(github: GitHub) -> None:
        await run(github, found)
        kept = await read_kept(github, folder)
        assert kept.open == ()
        made = drift_issue(found, standing(found, (), runs=1), RUN, folder="eu")
        await settle(github, kept, made, SAID, ())
        assert await close_orphans(github, WHOSE, ("prod", "dev")) == ()
        assert await close_orphans(github, replace(WHOSE, repo="another"), ("dev",)) == ()
        assert [each.number for each in await close_orphans(github, WHOSE, ("dev",))] == [1]
        assert await close_orphans(github, WHOSE, ("dev",)) == ()
        assert await run(github, found) == "opened again"

    with serving() as github:
        ask(github.access(), story)
        assert open_issues(github) == [1, 2]


def test_a_marker_further_down_or_in_a_broken_first_line_is_none() -> None:
    made = text(drift(edited("greet", "1\n", "2\n")))
    assert made is not None
    with serving() as github:
        for body in (f"hello\n{made.body}", made.body.replace('"tenant"', '"tenant', 1)):
            ask(github.access(), partial(GitHub.create_issue, title="Drift", body=body))
        assert ask(github.access(), lambda opened: read_kept(opened, WHOSE)).open == ()


CHANGES = st.lists(st.tuples(st.sets(st.sampled_from(["greet", "guard"])), st.integers(0, 1)), min_size=1, max_size=8)


def test_there_is_one_issue_exactly_while_something_stands_and_no_write_without_a_change() -> None:
    """Law: over any history of a tenant, the issue is open exactly while something stands in so many runs, there is
    never a second one, and a run that has nothing new to tell writes nothing."""
    with serving() as github:

        @given(CHANGES, st.integers(2, 3))
        @settings(max_examples=20)
        def law(runs: list[tuple[set[str], int]], needed: int) -> None:
            github.state.issues.clear()
            seen: tuple[Sighting, ...] = ()
            shown: list[tuple[str, int]] = []
            for names, version in runs:
                found = drift(*(edited(name, "0\n", f"{version}\n// live\n") for name in sorted(names)))
                github.state.requests.clear()
                seen = ask(github.access(), partial(one_run, found=found, seen=seen, needed=needed))
                told = sorted((each.finding, version) for each in seen if each.reported)
                assert len(open_issues(github)) == bool(told) and len(github.state.issues) <= 1
                assert bool(github.state.writes) == (told != shown)
                shown = told

        law()


async def one_run(github: GitHub, found: Drift, seen: tuple[Sighting, ...], needed: int) -> tuple[Sighting, ...]:
    kept = await read_kept(github, WHOSE)
    stands = standing(found, seen, told=kept.told, runs=needed)
    wanted = drift_issue(found, stands, RUN) if stands.told else None
    await settle(github, kept, wanted, SAID, ())
    return stands.sightings


ONE, TWO, NONE = drift(edited("greet", "1\n", "2\n")), drift(edited("greet", "1\n", "3\n")), drift()


@pytest.mark.parametrize("do", ["500", "lost", "lost-after", "502-after"])
@pytest.mark.parametrize("call", [1, 2, 3, 4, 5, 6])
def test_a_write_that_went_wrong_is_healed_by_the_next_run(do: str, call: int) -> None:
    """Whichever of the writes fails or whose answer is lost: the run after it leaves one issue, as it is to be."""
    with serving() as github:
        github.state.fail(do, "issues/", call=call)
        github.state.fail(do, "POST issues", call=1 if call == 1 else 99)
        for found in (ONE, TWO, NONE, ONE, NONE):
            for _ in range(2):
                with contextlib.suppress(GitHubError):
                    ask(github.access(), partial(run, found=found))
            assert len(github.state.issues) == 1
            assert len(open_issues(github)) == bool(found.findings)
