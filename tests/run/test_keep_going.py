"""An apply that keeps going puts back what fails and goes on with what does not need it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from reconciler.engine import planner
from reconciler.errors import ApplyFailed, Exit, Unauthorized
from reconciler.local.wire.faults import Do
from reconciler.model.event import Event
from reconciler.run.hands import Applied, Failure
from reconciler.run.keep_going import apply_what_works
from tests.run.attempts import FLOW, Scene, attempt, hands_of, in_scene, what_runs
from tests.run.conftest import Home
from tests.run.test_undo import second_commit

# POST extra, deploy extra, PATCH greet, deploy greet, PATCH bindings, DELETE guard
EXTRA, GREET, BIND, DELETE = (1, 2), (3, 4), 5, 6


@pytest.fixture
def deployed(home: Home) -> Home:
    """A repository whose first commit runs."""
    assert attempt(home, "HEAD").failure is None
    return home


def kept_going(home: Home, at: int, do: Do = 403) -> tuple[Applied, Any]:
    """What came of the second commit, and what runs then."""

    async def played(made: Scene) -> tuple[Applied, Any]:
        plan = planner.plan(made.loaded.desired, await made.other.read_live([FLOW]), tool="test")
        applied = await apply_what_works(plan, hands_of(made))
        return applied, what_runs(await made.other.read_live([FLOW]))

    done: tuple[Applied, Any] = in_scene(home, "HEAD", played, at=at, do=do)
    return done


def names(applied: Applied) -> list[str]:
    return [failure.name for failure in applied.failed]


@pytest.mark.parametrize("at", GREET)
def test_what_fails_is_put_back_and_what_does_not_need_it_is_made(deployed: Home, at: int) -> None:
    second_commit(deployed)
    applied, runs = kept_going(deployed, at)
    # The flow needs greet as it was to be, and guard cannot go before it is out of the flow.
    assert names(applied) == ["greet", "flow post-login", "guard"]
    assert [made.action for made in applied.deployed] == ["extra"]
    assert "needs what failed: greet" in applied.failed[1].message
    assert runs[1] == {FLOW: ["guard", "greet"]} and set(runs[0]) == {"extra", "greet", "guard"}
    assert "second" not in runs[0]["greet"][0].code
    assert all(failure.left == () for failure in applied.failed)
    assert attempt(deployed, "HEAD").failure is None
    assert attempt(deployed, "HEAD").writes == []


@pytest.mark.parametrize("at", EXTRA)
def test_what_was_created_is_removed_where_it_fails(deployed: Home, at: int) -> None:
    second_commit(deployed)
    applied, runs = kept_going(deployed, at)
    assert names(applied) == ["extra", "flow post-login", "guard"]
    assert set(runs[0]) == {"greet", "guard"}
    assert "second" in runs[0]["greet"][0].code


def test_a_lost_answer_is_no_reason_to_give_up_on_the_rest(deployed: Home) -> None:
    second_commit(deployed)
    applied, _ = kept_going(deployed, EXTRA[0], "drop-before")
    assert names(applied) == ["extra", "flow post-login", "guard"]
    assert [made.action for made in applied.deployed] == ["greet"]


def test_a_tenant_that_is_gone_is_not_asked_for_each_of_the_others(deployed: Home) -> None:
    second_commit(deployed)

    async def played(made: Scene) -> Applied:
        async def gone(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("gone", request=request)

        async def leave() -> None:
            made.way.handle_async_request = gone  # type: ignore[method-assign]

        made.way.meanwhile = leave
        plan = planner.plan(made.loaded.desired, await made.other.read_live([FLOW]), tool="test")
        return await apply_what_works(plan, hands_of(made))

    applied: Applied = in_scene(deployed, "HEAD", played, at=1, do="drop-before")
    assert names(applied)[:2] == ["extra", "greet"]
    assert applied.failed[1].message == "Not tried, as the tenant cannot be reached."


def test_a_flow_that_fails_keeps_what_left_it(deployed: Home) -> None:
    second_commit(deployed)
    applied, runs = kept_going(deployed, BIND)
    assert names(applied) == ["flow post-login", "guard"]
    assert runs[1] == {FLOW: ["guard", "greet"]}


def test_a_delete_that_fails_is_told(deployed: Home) -> None:
    second_commit(deployed)
    applied, runs = kept_going(deployed, DELETE)
    assert names(applied) == ["guard"]
    assert runs[1] == {FLOW: ["extra", "greet"]}


def test_where_nothing_fails_it_is_an_apply_as_any_other(deployed: Home) -> None:
    second_commit(deployed)
    applied, _ = kept_going(deployed, 0)
    assert applied.failed == () and len(applied.deployed) == 2
    assert attempt(deployed, "HEAD").writes == []


def test_a_module_that_fails_takes_along_only_what_uses_its_new_version(deployed: Home) -> None:
    deployed.write("modules/words/module.yaml", "name: words\n")
    deployed.write("modules/words/code.js", "module.exports = {};\n")
    deployed.change("actions/guard/action.yaml", "trigger: post-login", "trigger: post-login\nmodules: {words: 1}")
    deployed.change("actions/greet/code.js", "exports.", "// second\nexports.")
    deployed.commit("a module")
    applied, _ = kept_going(deployed, 1)
    assert names(applied) == ["module words", "guard"]
    assert [made.action for made in applied.deployed] == ["greet"]


def test_the_exit_code_is_that_of_the_only_kind_of_failure() -> None:
    cases, error = Failure("a", "x", exit_code=Exit.CASES_FAILED), Failure("b", "x", exit_code=Exit.ERROR)
    assert Applied().exit_code == Exit.DONE
    assert Applied(failed=(cases, cases)).exit_code == Exit.CASES_FAILED
    assert Applied(failed=(cases, error)).exit_code == Exit.ERROR
    assert Unauthorized.exit_code == Exit.ERROR


def test_a_case_that_fails_stops_its_action_only_and_json_says_so(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/greet/cases.yaml", "[hello, ada@example.com]", "[hello, nobody]")
    home.commit("a case that fails")
    assert home.reconciler("apply", "--yes", "--keep-going", "--format", "json") == 4
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["deployed"] == [{"action": "guard", "number": 1}]
    assert [failure["name"] for failure in told["failed"]] == ["greet", "flow post-login"]
    assert "error: greet: 1 of 1 cases failed" in err and "Traceback" not in err


def test_the_last_line_tells_what_was_made_and_that_it_is_a_part(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/greet/cases.yaml", "[hello, ada@example.com]", "[hello, nobody]")
    home.commit("a case that fails")
    assert home.reconciler("apply", "--yes", "--keep-going") == 4
    assert capsys.readouterr().out.splitlines()[-1].endswith(" to local in part: guard version 1.")
    home.change("actions/greet/cases.yaml", "[hello, nobody]", "[hello, ada@example.com]")
    home.commit("mended")
    assert home.reconciler("apply", "--yes", "--keep-going") == 0


def test_a_stop_puts_back_what_is_under_way_and_tells_what_stays(deployed: Home) -> None:
    second_commit(deployed)

    async def played(made: Scene) -> ApplyFailed:
        task = asyncio.current_task()
        assert task is not None

        async def stop() -> None:
            task.cancel()

        made.way.meanwhile = stop
        plan = planner.plan(made.loaded.desired, await made.other.read_live([FLOW]), tool="test")
        with pytest.raises(ApplyFailed, match="Stopped on request") as stopped:
            await apply_what_works(plan, hands_of(made))
        return stopped.value

    stopped = in_scene(deployed, "HEAD", played, at=GREET[1])
    assert stopped.undone == ("greet: version 1 deployed again",)
    assert stopped.left == ("extra: stays version 1",)
    assert attempt(deployed, "HEAD").failure is None


def test_a_stop_between_two_changes_tells_what_was_made(deployed: Home) -> None:
    second_commit(deployed)

    async def played(made: Scene) -> ApplyFailed:
        task = asyncio.current_task()
        assert task is not None

        def heard(event: Event) -> None:
            if event.verb == "deleted":
                task.cancel()

        plan = planner.plan(made.loaded.desired, await made.other.read_live([FLOW]), tool="test")
        with pytest.raises(ApplyFailed, match="Stopped on request") as stopped:
            await apply_what_works(plan, replace(hands_of(made), notify=heard))
        return stopped.value

    assert in_scene(deployed, "HEAD", played).left == (
        "extra: stays version 1",
        "greet: stays version 2",
        "flow post-login: stays as it was made",
        "guard: stays deleted",
    )
