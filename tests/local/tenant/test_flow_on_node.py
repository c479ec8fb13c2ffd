"""A flow on the real Node host."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.local.node.runtime import NodeHost
from reconciler.npm import node_executable
from tests.local.tenant.opened import ACTIONS, LOGS, Session, opened

pytestmark = pytest.mark.anyio
EVENT = triggers()["post-login"].sample_event

CLAIMS = """
exports.onExecutePostLogin = async (event, api) => {
  console.log(`hello ${event.user.email} with ${event.secrets.KEY}`);
  api.idToken.setCustomClaim("https://acme.example/tier", "gold");
};
"""
DENIES = 'exports.onExecutePostLogin = async (event, api) => { api.access.deny("outside office hours"); };'
THROWS = "exports.onExecutePostLogin = async (event, api) => { event.nothing.here; };"


@asynccontextmanager
async def _on_node(tmp_path: Path) -> AsyncIterator[Session]:
    host = NodeHost(node_executable())
    async with host, opened(tmp_path / "tenant", runner=host) as session:
        yield session


async def test_a_login_runs_the_code_and_is_seen_in_the_log_with_its_execution(tmp_path: Path) -> None:
    async with _on_node(tmp_path) as session:
        await session.deployed("claims", code=CLAIMS, secrets=[{"name": "KEY", "value": "hidden-value"}])
        await session.deployed("denies", code=DENIES)
        await session.bind("claims", "denies", "claims")

        run = await session.tenant.fire("post-login", EVENT)

        assert (run.status, run.reason) == ("denied", "outside office hours")
        assert [each.action for each in run.executions] == ["claims", "denies"]
        call = run.executions[0].calls[0]
        assert (call.method, call.args) == ("idToken.setCustomClaim", ("https://acme.example/tier", "gold"))
        record = await session.answer("GET", f"/api/v2/actions/executions/{run.execution_id}")
        logs = record["results"][0]["response"]["logs"]
        assert logs.startswith(f"hello {EVENT['user']['email']} with ")
        assert "hidden-value" not in logs
        entry = await session.answer("GET", f"{LOGS}/{run.log_id}")
        assert (entry["type"], entry["details"]["actions"]["executions"]) == ("f", [run.execution_id])


async def test_a_second_version_runs_as_soon_as_it_is_deployed(tmp_path: Path) -> None:
    async with _on_node(tmp_path) as session:
        action = await session.deployed("claims", code=CLAIMS)
        await session.bind("claims")
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": DENIES})
        assert (await session.tenant.fire("post-login", EVENT)).status == "completed"
        await session.deploy(action["id"])
        assert (await session.tenant.fire("post-login", EVENT)).status == "denied"


async def test_testing_a_draft_runs_it_and_tells_what_it_threw(tmp_path: Path) -> None:
    async with _on_node(tmp_path) as session:
        action = await session.create("throws", code=THROWS)
        answer = await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": dict(EVENT)})
        assert answer["payload"]["error"]["name"] == "TypeError"
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": CLAIMS})
        answer = await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": dict(EVENT)})
        assert [command["method"] for command in answer["payload"]["commands"]] == ["idToken.setCustomClaim"]


async def test_an_endless_action_is_ended_when_the_time_of_its_trigger_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _on_node(tmp_path) as session:
        await session.deployed("endless", code="exports.onExecutePostLogin = async () => { for (;;) {} };")
        await session.deployed("claims", code=CLAIMS)
        await session.bind("endless", "claims")
        monkeypatch.setattr(limits, "EXECUTION_SECONDS", 0.5)
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, [each.action for each in run.executions]) == ("failed", ["endless"])
        assert run.executions[0].error is not None
        assert run.executions[0].error.name == "ActionTimeout"
