"""All or nothing: whichever write fails, and however, what runs afterwards is what ran before (law 5)."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from reconciler.again import TRIES
from reconciler.engine import normalize
from reconciler.errors import StalePlan
from reconciler.local.wire.faults import Do
from reconciler.model.event import Event
from reconciler.model.tenant import Live
from tests.run.attempts import FLOW, Attempt, Scene, applied, attempt, in_scene
from tests.run.conftest import Home

KINDS: tuple[Do, ...] = (500, "drop-before")
GOES_LIVE_SECONDS = 0.1
HOTFIX = "exports.onExecutePostLogin = async () => { /* hotfix */ };\n"


@pytest.fixture
def deployed(home: Home) -> Home:
    """A repository whose first commit runs."""
    assert attempt(home, "HEAD").failure is None
    return home


def second_commit(home: Home) -> str:
    """Changes one action with its secret, adds one, drops one, and turns the flow round."""
    home.change("actions/greet/code.js", "exports.", "// second\nexports.")
    home.change("actions/greet/action.yaml", "info", "debug")
    home.write("actions/extra/action.yaml", "name: extra\ntrigger: post-login\n")
    home.write("actions/extra/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.git("rm", "-rq", "actions/guard")
    home.change("flows/post-login.yaml", "[guard, greet]", "[extra, greet]")
    return home.commit("second")


# POST extra, PATCH greet, deploy extra, deploy greet, PATCH bindings
@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("do", KINDS)
def test_whichever_write_fails_everything_is_put_back_and_the_next_apply_succeeds(
    deployed: Home, at: int, do: Do
) -> None:
    second = second_commit(deployed)
    failed = attempt(deployed, second, at=at, do=do)
    assert failed.failure is not None, failed.writes
    assert failed.runs == failed.ran_before
    assert failed.failure.left == ()
    assert attempt(deployed, "HEAD~1").writes == []
    assert attempt(deployed, second).failure is None
    assert attempt(deployed, second).writes == []


def test_a_write_that_is_refused_is_told_with_the_name_of_what_it_was_about(home: Home) -> None:
    failed = attempt(home, "HEAD", at=4, do=403)
    assert failed.failure is not None
    assert failed.failure.message.startswith("guard: POST /api/v2/actions/actions/")


@pytest.mark.parametrize("at", range(1, 6))
def test_a_write_whose_answer_is_lost_is_settled_by_reading(deployed: Home, at: int) -> None:
    second, verbs = second_commit(deployed), []

    async def played(made: Scene) -> Attempt:
        return await applied(made, notify=lambda event: verbs.append(event.verb))

    done = in_scene(deployed, second, played, at=at, do="drop-after")
    assert done.failure is None
    assert len(done.writes) == len(set(done.writes)) == 6
    assert verbs.count("settled") == 1
    assert attempt(deployed, second).writes == []


@pytest.mark.parametrize("do", [500, "drop-before"])
def test_a_delete_that_reading_shows_to_have_failed_is_sent_again(deployed: Home, do: Do) -> None:
    done = attempt(deployed, second_commit(deployed), at=6, do=do)
    assert done.failure is None
    assert done.writes[5] == done.writes[6]
    assert set(done.runs[0]) == {"extra", "greet"}


def test_a_delete_that_is_refused_undoes_nothing_and_is_listed(deployed: Home) -> None:
    second = second_commit(deployed)
    failed = attempt(deployed, second, at=6, do=403)
    assert failed.failure is not None
    assert failed.failure.left == ("guard: not deleted yet",)
    assert failed.failure.message.startswith("guard: DELETE /api/v2/actions/actions/")
    assert failed.runs[1] == {FLOW: ["extra", "greet"]}
    assert set(failed.runs[0]) == {"extra", "greet", "guard"}
    assert attempt(deployed, second).writes == [failed.writes[5]]


def test_a_delete_whose_answer_is_lost_is_settled_by_reading(deployed: Home) -> None:
    done = attempt(deployed, second_commit(deployed), at=6, do="drop-after")
    assert done.failure is None
    assert set(done.runs[0]) == {"extra", "greet"}


def test_the_first_apply_undone_leaves_an_empty_tenant(home: Home) -> None:
    failed = attempt(home, "HEAD", at=5, do=500)
    assert failed.failure is not None
    assert failed.runs == ({}, {FLOW: []})
    assert [write.split()[0] for write in failed.writes[-2:]] == ["DELETE", "DELETE"]


def test_a_removed_secret_is_brought_back_by_the_version_that_has_it(deployed: Home) -> None:
    deployed.change("actions/greet/action.yaml", "  LEVEL: {value: info}\n", "")
    failed = attempt(deployed, deployed.commit("without LEVEL"), at=2, do=500)
    assert failed.failure is not None
    assert failed.failure.left == ()
    assert failed.runs == failed.ran_before
    assert attempt(deployed, "HEAD~1").writes == []


def test_an_edited_draft_is_put_back_as_it_was(deployed: Home) -> None:
    drafts = in_scene(deployed, second_commit(deployed), edited_then_failed, at=4, do=500)
    assert drafts[0] == drafts[1] == normalize.text(HOTFIX)


async def edited_then_failed(made: Scene) -> tuple[str, str]:
    there = (await made.other.read_live([FLOW])).action("greet")
    assert there is not None
    content = there.draft.content.model_copy(update={"code": HOTFIX})
    await made.other.update_draft(there.id, content, None)
    done = await applied(made)
    assert done.failure is not None
    before, after = done.before.action("greet"), done.after.action("greet")
    assert before is not None and after is not None
    return before.draft.content.code, after.draft.content.code


async def stopped_soon(made: Scene) -> Attempt:
    """An apply that is stopped a moment after the write that the fault is for was sent."""
    task = asyncio.current_task()
    assert task is not None

    async def stop() -> None:
        asyncio.get_running_loop().call_later(0.05, task.cancel)

    made.way.meanwhile = stop
    return await applied(made)


@pytest.mark.parametrize("at", [2, 4, 5])
def test_a_write_that_lands_after_the_stop_is_waited_for_and_undone(deployed: Home, at: int) -> None:
    stopped = in_scene(deployed, second_commit(deployed), stopped_soon, at=at, do="slow")
    assert stopped.failure is not None and "Stopped" in stopped.failure.message
    assert stopped.runs == stopped.ran_before


def test_a_stop_while_things_are_put_back_is_not_heard(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        task = asyncio.current_task()
        assert task is not None

        def stop(event: Event) -> None:
            if event.verb in ("undone", "left"):
                task.cancel()

        return await applied(made, notify=stop)

    failed = in_scene(deployed, second_commit(deployed), played, at=5, do=500)
    assert failed.failure is not None and len(failed.failure.undone) == 2
    assert failed.runs == failed.ran_before


def test_a_listener_that_went_away_stops_nothing(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        def gone(event: Event) -> None:
            raise BrokenPipeError

        return await applied(made, notify=gone)

    assert in_scene(deployed, second_commit(deployed), played).failure is None


def test_whatever_goes_wrong_is_undone(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        def broken(event: Event) -> None:
            if event.verb == "deployed":
                raise RuntimeError("a bug")

        before = await made.other.read_live([FLOW])
        with pytest.raises(RuntimeError):
            await applied(made, notify=broken)
        return Attempt(before, await made.other.read_live([FLOW]), [], None)

    done = in_scene(deployed, second_commit(deployed), played)
    assert done.runs == done.ran_before


def test_an_action_that_another_run_created_meanwhile_is_not_removed(home: Home) -> None:
    async def played(made: Scene) -> Attempt:
        async def create() -> None:
            greet = made.loaded.desired.action("greet")
            assert greet is not None
            await made.other.create("greet", greet.content, None, {})

        made.way.meanwhile = create
        return await applied(made)

    failed = in_scene(home, "HEAD", played, at=1)
    assert failed.failure is not None
    assert failed.after.action("greet") is not None


async def hotfixed(made: Scene) -> None:
    """Somebody deploys other code in the dashboard."""
    there = (await made.other.read_live([FLOW])).action("greet")
    assert there is not None
    content = there.draft.content.model_copy(update={"code": HOTFIX})
    await made.other.update_draft(there.id, content, None)
    await made.other.deploy(there.id)
    await asyncio.sleep(GOES_LIVE_SECONDS)


def test_a_version_that_somebody_else_deployed_meanwhile_stays(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        made.way.meanwhile = lambda: hotfixed(made)
        return await applied(made)

    # Right before greet is deployed: what is deployed then is the hotfix, by us.
    failed = in_scene(deployed, second_commit(deployed), played, at=4)
    assert failed.failure is not None and "version 3 instead of 2" in failed.failure.message
    live = failed.after.action("greet")
    assert live is not None and live.version is not None
    assert live.version.content.code == normalize.text(HOTFIX)
    assert any("greet" in line for line in failed.failure.left)


async def edited(made: Scene) -> None:
    """Somebody changes the code in the dashboard and leaves its last line, our provenance, as it is."""
    there = (await made.other.read_live([FLOW])).action("greet")
    assert there is not None
    content = there.draft.content.model_copy(update={"code": HOTFIX})
    await made.other.update_draft(there.id, content, there.draft.provenance)


@pytest.mark.parametrize("deploys", [True, False])
def test_an_edit_that_leaves_our_line_in_the_code_is_not_taken_for_ours(deployed: Home, deploys: bool) -> None:
    async def played(made: Scene) -> Attempt:
        async def meanwhile() -> None:
            await edited(made)
            there = (await made.other.read_live([FLOW])).action("greet")
            assert there is not None
            if deploys:
                await made.other.deploy(there.id)
                await asyncio.sleep(GOES_LIVE_SECONDS)

        made.way.meanwhile = meanwhile
        return await applied(made)

    # Before the flow is bound, which then fails: greet is deployed by then.
    failed = in_scene(deployed, second_commit(deployed), played, at=5, do=500)
    assert failed.failure is not None
    there = failed.after.action("greet")
    assert there is not None and there.version is not None
    if deploys:
        assert there.version.content.code == normalize.text(HOTFIX)
    assert any(line.startswith("greet: somebody else") for line in failed.failure.left) == deploys


def test_our_version_deployed_once_more_by_somebody_else_is_undone_too(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        async def again() -> None:
            there = (await made.other.read_live([FLOW])).action("greet")
            assert there is not None
            await made.other.deploy(there.id)

        made.way.meanwhile = again
        return await applied(made)

    failed = in_scene(deployed, second_commit(deployed), played, at=5, do=500)
    assert failed.failure is not None
    assert failed.runs == failed.ran_before


@pytest.mark.parametrize("at", [2, 4, 5])
def test_a_write_that_a_gateway_gave_up_on_is_waited_for(deployed: Home, at: int) -> None:
    async def played(made: Scene) -> Attempt:
        return await applied(made, settle=1.0)

    second = second_commit(deployed)
    done = in_scene(deployed, second, played, at=at, do="give-up")
    assert done.failure is None
    assert attempt(deployed, second).writes == []


def test_a_stop_is_heard_though_the_tenant_says_not_yet(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        task = asyncio.current_task()
        assert task is not None

        async def stop() -> None:
            task.cancel()

        made.way.meanwhile = stop
        return await applied(made)

    stopped = in_scene(deployed, second_commit(deployed), played, at=3, do=400)
    assert stopped.failure is not None and "Stopped" in stopped.failure.message
    assert stopped.runs == stopped.ran_before


def test_an_action_that_somebody_else_deleted_first_is_deleted(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        async def delete() -> None:
            guard = (await made.other.read_live([FLOW])).action("guard")
            assert guard is not None
            await made.other.delete(guard.id)

        made.way.meanwhile = delete
        return await applied(made)

    assert in_scene(deployed, second_commit(deployed), played, at=6).failure is None


def test_a_delete_that_lands_after_the_stop_is_not_called_missing(deployed: Home) -> None:
    stopped = in_scene(deployed, second_commit(deployed), stopped_soon, at=6, do="slow")
    assert stopped.failure is not None and stopped.failure.left == ()
    assert stopped.after.action("guard") is None


def test_a_tenant_that_is_gone_is_asked_once_while_putting_back(deployed: Home) -> None:
    async def played(made: Scene) -> tuple[Attempt, int]:
        asked = 0

        async def gone(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            raise httpx.ReadError("gone", request=request)

        async def leave() -> None:
            made.way.handle_async_request = gone  # type: ignore[method-assign]

        made.way.meanwhile = leave
        return await applied(made), asked

    failed, asked = in_scene(deployed, second_commit(deployed), played, at=5, do="drop-before")
    assert failed.failure is not None
    assert len(failed.failure.left) == 4
    # Once to settle what was lost, and once to put back.
    assert asked == 2 * TRIES


def test_a_flow_that_somebody_else_bound_meanwhile_stays(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        made.way.meanwhile = lambda: made.other.bind(FLOW, ())
        return await applied(made)

    failed = in_scene(deployed, second_commit(deployed), played, at=5, do=500)
    assert failed.failure is not None
    assert f"{FLOW}: somebody else bound it differently meanwhile" in failed.failure.left
    assert failed.runs[1] == {FLOW: []}


def test_the_tenant_is_looked_at_right_before_the_first_write(deployed: Home) -> None:
    async def played(made: Scene) -> list[str]:
        async def cases_take_long(names: object) -> None:
            await hotfixed(made)

        with pytest.raises(StalePlan, match="moved"):
            await applied(made, test=cases_take_long)
        return made.way.writes

    assert in_scene(deployed, second_commit(deployed), played) == []


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


def provenances(live: Live) -> dict[str, tuple[int, int]]:
    """The number that each live version has, and the one that its provenance names."""
    versions = {each.name: each.version for each in live.actions if each.version}
    return {name: (each.number, each.provenance.number) for name, each in versions.items() if each.provenance}


def without_secrets(home: Home) -> str:
    home.change("actions/guard/code.js", "exports.", "// second\nexports.")
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    return home.commit("second")


@pytest.mark.parametrize("change", [second_commit, without_secrets])
def test_what_was_undone_does_not_look_rolled_back(deployed: Home, change: Callable[[Home], str]) -> None:
    failed = attempt(deployed, change(deployed), at=5 if change is second_commit else 3, do=500)
    assert failed.failure is not None
    numbers = provenances(failed.after)
    assert all(number == told for number, told in numbers.values())
    assert max(numbers.values()) > (2, 2)
    assert attempt(deployed, "HEAD").failure is None


# The version of the commit is refused, and the flow after it: then the version that ran is deployed once more.
@pytest.mark.parametrize(("at", "numbers"), [(2, (3, 1)), (3, (5, 1))])
def test_what_was_rolled_back_before_an_apply_stays_so_when_that_is_undone(
    deployed: Home, at: int, numbers: tuple[int, int]
) -> None:
    second = without_secrets(deployed)
    assert attempt(deployed, second).failure is None

    async def rolled_back(made: Scene) -> None:
        guard = (await made.other.read_live([FLOW])).action("guard")
        assert guard is not None
        versions = await made.other.read_versions(guard)
        await made.other.redeploy(guard.id, versions[-1].id)
        await asyncio.sleep(GOES_LIVE_SECONDS)

    in_scene(deployed, second, rolled_back)
    deployed.change("actions/guard/code.js", "// second", "// mended")
    deployed.change("flows/post-login.yaml", "[greet, guard]", "[guard, greet]")
    failed = attempt(deployed, deployed.commit("mended"), at=at, do=500)
    assert failed.failure is not None and failed.failure.left == ()
    assert failed.runs == failed.ran_before
    assert provenances(failed.after)["guard"] == numbers


class RefusingDrafts(httpx.AsyncBaseTransport):
    """A tenant that takes no drafts any more."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH" and "/actions/actions/" in request.url.path:
            return httpx.Response(400, json={"statusCode": 400, "message": "no"}, request=request)
        return await self.inner.handle_async_request(request)


def test_a_version_is_deployed_again_as_it_was_where_its_content_cannot_be_signed_anew(deployed: Home) -> None:
    async def played(made: Scene) -> Attempt:
        async def refuse() -> None:
            made.way.inner = RefusingDrafts(made.way.inner)

        made.way.meanwhile = refuse
        return await applied(made)

    failed = in_scene(deployed, without_secrets(deployed), played, at=3, do=500)
    assert failed.failure is not None
    assert failed.runs == failed.ran_before
    (left,) = failed.failure.left
    assert left.startswith("guard: it runs what it ran before, and counts as rolled back until its next deploy")
