"""All or nothing: whichever write fails, and however, what runs afterwards is what ran before (law 5)."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from reconciler.auth0.gateway import Gateway, GatewayContext
from reconciler.engine import planner
from reconciler.errors import ApplyFailed
from reconciler.model.event import Event
from reconciler.model.plan import Plan
from reconciler.model.tenant import Desired, Live
from reconciler.run.apply import Hands, apply
from reconciler.run.session import inside, open_embedded
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.conftest import Home
from tests.run.faults import Faulty, Kind

KINDS: tuple[Kind, ...] = ("refused", "lost before", "lost after")


def what_runs(live: Live) -> Any:
    """What users meet: the content of each live version, and the order of each flow."""
    return (
        {each.name: (each.version.content, len(each.version.secrets)) for each in live.actions if each.version},
        {flow.trigger: [binding.action for binding in flow.bindings] for flow in live.flows},
    )


@asynccontextmanager
async def tenant(place: Workplace, **fault: Any) -> AsyncIterator[tuple[Gateway, Faulty]]:
    async with open_embedded(place, "local") as embedded:
        endpoint = inside(embedded)
        assert endpoint.transport is not None
        faulty = Faulty(endpoint.transport, **fault)
        async with GatewayContext(replace(endpoint, transport=faulty), agent="test", clock=place.clock) as gateway:
            yield gateway, faulty


async def attempt(place: Workplace, revision: str, **fault: Any) -> tuple[list[str], ApplyFailed | None, Any, Any]:
    """One apply of a commit with one fault: the writes, the failure, and what ran before and after."""
    loaded = await checked(place, place.repository.tree(revision), "local")
    async with tenant(place, **fault) as (gateway, faulty):
        before = await gateway.read_live(["post-login"])
        plan = planner.plan(loaded.desired, before, tool="test")
        failure = None
        try:
            await apply(plan, hands(gateway, loaded.desired, lambda a, n: loaded.vault.value(a, n).reveal()))
        except ApplyFailed as failed:
            failure = failed
        after = await gateway.read_live(["post-login"])
    return faulty.writes, failure, what_runs(before), what_runs(after)


def hands(gateway: Gateway, desired: Desired, reveal: Callable[[str, str], str]) -> Hands:
    async def no_cases(names: Sequence[str]) -> None:
        """The cases have tests of their own."""

    async def no_reason(action_id: str) -> str:
        return ""

    def replan(live: Live) -> Plan:
        return planner.plan(desired, live, tool="test")

    def heard(event: Event) -> None:
        """Progress has tests of its own."""

    return Hands(
        gateway=gateway, reveal=reveal, test=no_cases, replan=replan, notify=heard, build_error=no_reason, patience=5
    )


def in_place(home: Home, work: Callable[[Workplace], Any]) -> Any:
    with open_workplace(Settings(start=home.folder, environ={})) as place:
        return asyncio.run(work(place))


def second_commit(home: Home) -> str:
    """Changes one action with its secret, adds one, drops one, and turns the flow round."""
    home.change("actions/greet/code.js", "exports.", "// second\nexports.")
    home.change("actions/greet/action.yaml", "info", "debug")
    home.write("actions/extra/action.yaml", "name: extra\ntrigger: post-login\n")
    home.write("actions/extra/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.git("rm", "-rq", "actions/guard")
    home.change("flows/post-login.yaml", "[guard, greet]", "[extra, greet]")
    return home.commit("second")


# PATCH greet, POST extra, two deploys, PATCH bindings, DELETE guard
@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("kind", KINDS)
def test_whichever_write_fails_everything_is_put_back_and_the_next_apply_succeeds(
    home: Home, at: int, kind: Kind
) -> None:
    first = home.git("rev-parse", "HEAD")
    in_place(home, lambda place: attempt(place, first))
    second = second_commit(home)
    writes, failure, before, after = in_place(home, lambda place: attempt(place, second, at=at, kind=kind))
    assert failure is not None, writes
    gone_for_good = kind == "lost after" and writes[at - 1].startswith("DELETE")
    if gone_for_good:
        assert any("guard" in line for line in failure.left)
    else:
        assert after == before
        assert not [line for line in failure.left if "keeps the new value" not in line]
    _, again, _, _ = in_place(home, lambda place: attempt(place, second))
    assert again is None
    writes, _, _, _ = in_place(home, lambda place: attempt(place, second))
    assert writes == []


def test_the_first_apply_undone_leaves_an_empty_tenant(home: Home) -> None:
    first = home.git("rev-parse", "HEAD")
    writes, failure, before, after = in_place(home, lambda place: attempt(place, first, at=5))
    assert failure is not None
    assert before == after == ({}, {"post-login": []})
    assert writes[-2:] and all(write.startswith("DELETE") for write in writes[-2:])


def test_a_stopped_apply_is_undone_too(home: Home) -> None:
    first = home.git("rev-parse", "HEAD")

    async def stopped(place: Workplace) -> Any:
        task = asyncio.current_task()
        assert task is not None
        loaded = await checked(place, place.repository.tree(first), "local")
        async with tenant(place) as (gateway, _):
            plan = planner.plan(loaded.desired, await gateway.read_live(["post-login"]), tool="test")
            made = hands(gateway, loaded.desired, lambda a, n: loaded.vault.value(a, n).reveal())

            def stop(event: Event) -> None:
                if event.verb == "deployed":
                    task.cancel()

            with pytest.raises(ApplyFailed, match="Stopped"):
                await apply(plan, replace(made, notify=stop))
            return what_runs(await gateway.read_live(["post-login"]))

    assert in_place(home, stopped) == ({}, {"post-login": []})


def test_a_version_somebody_else_made_meanwhile_is_not_taken_for_ours(home: Home) -> None:
    first = home.git("rev-parse", "HEAD")
    in_place(home, lambda place: attempt(place, first))
    second = second_commit(home)

    async def raced(place: Workplace) -> str:
        loaded = await checked(place, place.repository.tree(second), "local")
        async with tenant(place) as (gateway, _):
            live = await gateway.read_live(["post-login"])
            plan = planner.plan(loaded.desired, live, tool="test")
            there = live.action("greet")
            assert there is not None
            made = hands(gateway, loaded.desired, lambda a, n: loaded.vault.value(a, n).reveal())

            async def interfere(names: Sequence[str]) -> None:
                await gateway.deploy(there.id)

            with pytest.raises(ApplyFailed) as caught:
                await apply(plan, replace(made, test=interfere))
            return caught.value.message

    assert "version 3 instead of 2" in in_place(home, raced)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_undo_what_was_begun(home: Home, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "reconciler", "apply", "--yes", "--repo", str(home.folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as applying:
        assert applying.stderr is not None
        for line in applying.stderr:
            if "staged" in line:
                applying.send_signal(number)
                break
        told = applying.stderr.read()
    assert "Stopped on request." in told and "Traceback" not in told
    assert applying.returncode == 1
