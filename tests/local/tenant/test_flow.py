from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.errors import TenantError, Usage
from reconciler.local.node.job import Job
from reconciler.model.execution import Call, Execution, Thrown
from reconciler.report.effects import effect_lines
from tests.local.tenant.opened import ACTIONS, LOGS, Clock, Scripted, Session, opened

pytestmark = pytest.mark.anyio
EVENT = triggers()["post-login"].sample_event
EXECUTIONS = "/api/v2/actions/executions"


def _calls(*calls: Call, console: tuple[str, ...] = ()) -> Any:
    return lambda job: Execution(action=job.action, handler=job.handler, calls=calls, console=console, duration_ms=1.0)


def _throws(message: str, name: str = "Error") -> Any:
    thrown = Thrown(name=name, message=message, stack=f"{name}: {message}")
    return lambda job: Execution(action=job.action, handler=job.handler, error=thrown)


async def _flow(session: Session, *names: str) -> None:
    for name in names:
        await session.deployed(name)
    await session.bind(*names)


async def _log(session: Session, log_id: str) -> Any:
    return await session.answer("GET", f"{LOGS}/{log_id}")


async def test_bound_actions_run_in_order_as_deployed_with_the_secrets_of_their_version(tmp_path: Path) -> None:
    runner = Scripted({"one": _calls(console=("country NL", "allowed"))})
    async with opened(tmp_path, runner=runner) as session:
        two = await session.deployed("two", secrets=[{"name": "KEY", "value": "old-value"}])
        one = await session.deployed("one")
        await session.bind("one", "two")
        draft = {"code": "// draft", "secrets": [{"name": "KEY", "value": "new-value"}]}
        await session.answer("PATCH", f"{ACTIONS}/{two['id']}", draft)

        run = await session.tenant.fire("post-login", EVENT)

        assert (run.status, [each.action for each in run.executions]) == ("completed", ["one", "two"])
        first, second = runner.jobs
        assert first.key == one["deployed_version"]["id"]
        assert (first.trigger, first.handler) == ("post-login", "onExecutePostLogin")
        assert (second.code, second.secrets) == (two["code"], {"KEY": "old-value"})
        assert first.event == EVENT
        record = await session.answer("GET", f"{EXECUTIONS}/{run.execution_id}")
        assert list(record) == ["id", "trigger_id", "status", "results", "created_at", "updated_at"]
        assert (record["trigger_id"], record["status"]) == ("post-login", "final")
        result = record["results"][0]
        assert list(result) == ["action_name", "started_at", "ended_at", "response"]
        assert result["response"]["logs"] == "country NL\nallowed"
        stats = result["response"]["stats"]
        parts = stats["runtime_processing_duration_ms"] + stats["action_duration_ms"]
        assert stats["total_runtime_execution_duration_ms"] == parts
        assert record["created_at"] == result["started_at"] < result["ended_at"] < record["updated_at"]
        entry = await _log(session, run.log_id)
        assert (entry["type"], entry["description"]) == ("s", "Successful login")
        assert entry["details"]["actions"] == {"executions": [run.execution_id]}
        assert entry["user_name"] == EVENT["user"]["email"]
        assert (entry["ip"], entry["connection"]) == (EVENT["request"]["ip"], EVENT["connection"]["name"])


async def test_packages_are_those_built_for_the_version(tmp_path: Path) -> None:
    runner = Scripted()
    async with opened(tmp_path, runner=runner) as session:
        await session.deployed("one", dependencies=[{"name": "lodash", "version": "4.17.21"}])
        await session.bind("one")
        await session.tenant.fire("post-login", EVENT)
        assert runner.jobs[0].packages == Path("/nowhere")


async def test_a_denial_stops_the_flow_and_is_logged_as_a_failed_login(tmp_path: Path) -> None:
    runner = Scripted({"one": _calls(Call(method="access.deny", args=("outside office hours",)))})
    async with opened(tmp_path, runner=runner) as session:
        await _flow(session, "one", "two")
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, run.reason, len(run.executions)) == ("denied", "outside office hours", 1)
        entry = await _log(session, run.log_id)
        assert (entry["type"], entry["description"]) == ("f", "outside office hours")
        assert entry["details"]["actions"] == {"executions": [run.execution_id]}
        assert await session.answer("GET", LOGS, q="type:actions_execution_failed") == []


async def test_the_reason_of_a_denial_with_a_code_is_its_last_text(tmp_path: Path) -> None:
    runner = Scripted({"one": _calls(Call(method="access.deny", args=("invalid_scope", "no such scope")))})
    async with opened(tmp_path, runner=runner) as session:
        await session.deployed("one", supported_triggers=[{"id": "credentials-exchange"}])
        path = "/api/v2/actions/triggers/credentials-exchange/bindings"
        await session.answer("PATCH", path, {"bindings": [{"ref": {"type": "action_name", "value": "one"}}]})
        run = await session.tenant.fire("credentials-exchange", {})
        assert (run.status, run.reason) == ("denied", "no such scope")
        assert (await _log(session, run.log_id))["type"] == "feccft"


async def test_a_secret_that_is_a_word_of_the_log_hides_no_field_of_it(tmp_path: Path) -> None:
    call = Call(method="multifactor.enable", args=("any", {"allowRememberBrowser": False}))
    async with opened(tmp_path, runner=Scripted({"one": _calls(call)})) as session:
        words = ["client_id", "provider", "console", "effects", "trigger_id"]
        await session.deployed("one", secrets=[{"name": word.upper(), "value": word} for word in words])
        await session.bind("one")
        run = await session.tenant.fire("post-login", EVENT)
        assert run.status == "completed"
        entry = await _log(session, run.log_id)
        assert (entry["type"], entry["client_id"]) == ("s", EVENT["client"]["client_id"])
        assert "***" not in entry
        assert [label for label, _ in effect_lines(run.effects, tokens=True)] == ["multifactor"]


@pytest.mark.parametrize(
    "call",
    [
        Call(method="redirect.sendUserTo", args=("https://elsewhere.test",)),
        Call(method="authentication.challengeWith", args=({"type": "phone"},)),
        Call(method="prompt.render", args=("ap_1",)),
    ],
    ids=lambda call: call.method,
)
async def test_a_flow_that_sends_the_user_elsewhere_is_suspended_and_logs_no_login(tmp_path: Path, call: Call) -> None:
    runner = Scripted({"one": _calls(call)})
    async with opened(tmp_path, runner=runner) as session:
        await _flow(session, "one", "two")
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, len(run.executions), run.log_id) == ("suspended", 1, "")
        assert (await session.answer("GET", f"{EXECUTIONS}/{run.execution_id}"))["status"] == "suspended"


async def test_a_thrown_error_fails_the_flow_and_is_logged_twice(tmp_path: Path) -> None:
    runner = Scripted({"one": _throws("no tier", "TypeError")})
    async with opened(tmp_path, runner=runner) as session:
        await _flow(session, "one", "two")
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, run.reason, len(run.executions)) == ("failed", "no tier", 1)
        record = await session.answer("GET", f"{EXECUTIONS}/{run.execution_id}")
        assert record["status"] == "partial"
        assert record["results"][0]["response"]["error"] == {"name": "TypeError", "message": "no tier"}
        assert (await _log(session, run.log_id))["type"] == "f"
        (entry,) = await session.answer("GET", LOGS, q="type:actions_execution_failed")
        assert entry["description"] == "Action failed: one"
        details = entry["details"]
        assert details["execution_id"] == run.execution_id
        assert details["error_class"] == "action_error"
        assert details["action_error"]["message"] == "no tier"
        assert details["binding_id"]


async def test_what_is_printed_is_cut_and_secret_values_in_it_are_masked(tmp_path: Path) -> None:
    console = ("x" * 250 + "hidden-value and more",)
    request = Call(method="idToken.setCustomClaim", args=("a", {"deep": ["hidden-value"]}))
    runner = Scripted({"one": _calls(request, console=console)})
    async with opened(tmp_path, runner=runner) as session:
        await session.deployed("one", secrets=[{"name": "KEY", "value": "hidden-value"}])
        await session.bind("one")
        run = await session.tenant.fire("post-login", EVENT)
        logs = (await session.answer("GET", f"{EXECUTIONS}/{run.execution_id}"))["results"][0]["response"]["logs"]
        assert (len(logs), logs[250:]) == (limits.CONSOLE_CHARACTERS, "*** an")
        assert "hidden-value" not in run.model_dump_json()
        for path in tmp_path.iterdir():
            assert b"hidden-value" not in path.read_bytes()


async def test_all_actions_of_a_trigger_share_one_limit_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sleeper:
        async def run(self, job: Job) -> Execution:
            await asyncio.sleep(0.2)
            return Execution(action=job.action, handler=job.handler)

    monkeypatch.setattr(limits, "EXECUTION_SECONDS", 0.3)
    async with opened(tmp_path, runner=Sleeper()) as session:
        await _flow(session, "one", "two", "three")
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, [each.action for each in run.executions]) == ("failed", ["one", "two"])
        (entry,) = await session.answer("GET", LOGS, q="type:actions_execution_failed")
        assert entry["details"]["error_class"] == "action_timeout"


async def test_a_flow_without_bindings_completes_and_leaves_no_record(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, run.execution_id, run.executions) == ("completed", "", ())
        assert "actions" not in (await _log(session, run.log_id))["details"]


async def test_an_entity_bound_trigger_runs_its_single_deployed_action_or_the_one_that_is_named(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        trigger = [{"id": "event-stream"}]
        await session.create("draft", supported_triggers=trigger)
        await session.deployed("one", supported_triggers=trigger)
        run = await session.tenant.fire("event-stream", {})
        assert ([each.action for each in run.executions], run.log_id) == (["one"], "")
        assert run.execution_id
        await session.deployed("two", supported_triggers=trigger)
        with pytest.raises(TenantError, match="Several deployed actions"):
            await session.tenant.fire("event-stream", {})
        named = await session.tenant.fire("event-stream", {}, action="two")
        assert [each.action for each in named.executions] == ["two"]
        with pytest.raises(TenantError, match="No deployed action nobody"):
            await session.tenant.fire("event-stream", {}, action="nobody")


async def test_another_handler_of_the_trigger_can_be_asked_for(tmp_path: Path) -> None:
    runner = Scripted()
    async with opened(tmp_path, runner=runner) as session:
        await _flow(session, "one")
        await session.tenant.fire("post-login", EVENT, handler="onContinuePostLogin")
        assert runner.jobs[0].handler == "onContinuePostLogin"
        with pytest.raises(Usage, match="has no handler lunch"):
            await session.tenant.fire("post-login", EVENT, handler="lunch")
        with pytest.raises(Usage, match="cannot be fired"):
            await session.tenant.fire("mcp-tool", {})


@pytest.mark.parametrize("trigger", [name for name, facts in triggers().items() if facts.handlers])
async def test_every_documented_trigger_fires_with_its_sample_event(tmp_path: Path, trigger: str) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("one", supported_triggers=[{"id": trigger}])
        facts = triggers()[trigger]
        if facts.bindable:
            path = f"/api/v2/actions/triggers/{trigger}/bindings"
            await session.answer("PATCH", path, {"bindings": [{"ref": {"type": "action_name", "value": "one"}}]})
        run = await session.tenant.fire(trigger, facts.sample_event)
        # A token exchange needs an action that picks its user.
        picked = trigger != "custom-token-exchange"
        assert (run.status, len(run.executions)) == ("completed" if picked else "failed", 1)
        codes = [entry["type"] for entry in await session.answer("GET", LOGS) if entry["log_id"] == run.log_id]
        assert codes == list((facts.log_success if picked else facts.log_failure)[:1])


async def test_records_are_kept_ten_days(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as session:
        await _flow(session, "one")
        old = await session.tenant.fire("post-login", EVENT)
        clock.now += timedelta(days=11)
        new = await session.tenant.fire("post-login", EVENT)

        def kept(connection: Any) -> list[str]:
            return [row[0] for row in connection.execute("SELECT id FROM executions")]

        assert await session.tenant.store.read(kept) == [new.execution_id]
        assert old.execution_id != new.execution_id


async def test_packages_that_are_gone_are_installed_again(tmp_path: Path) -> None:
    asked: list[Mapping[str, str]] = []

    async def install(wanted: Mapping[str, str]) -> Path:
        asked.append(wanted)
        folder = tmp_path / f"set-{len(asked)}"
        folder.mkdir()
        return folder

    runner = Scripted()
    async with opened(tmp_path / "tenant", runner=runner, install=install) as session:
        await session.deployed("one", dependencies=[{"name": "lodash", "version": "4.17.21"}])
        await session.bind("one")
        await session.tenant.fire("post-login", EVENT)
        (tmp_path / "set-1").rmdir()
        await session.tenant.fire("post-login", EVENT)
        assert [job.packages for job in runner.jobs] == [tmp_path / "set-1", tmp_path / "set-2"]
        assert asked == [{"lodash": "4.17.21"}] * 2
