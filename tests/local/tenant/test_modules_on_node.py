"""Modules of a tenant on the real Node host."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.local.node.runtime import NodeHost
from reconciler.model.execution import FlowRun
from reconciler.npm import node_executable
from tests.local.tenant.opened import ACTIONS, MODULES, opened

pytestmark = pytest.mark.anyio
EVENT = triggers()["post-login"].sample_event

GREETER = "exports.greet = (name) => `hello ${name}, ${actions.secrets.SIGN}`;"
SHOUTER = "exports.greet = (name) => `HELLO ${name}!`;"
ACTION = """
const { greet } = require("actions:greeter");
exports.onExecutePostLogin = async (event, api) => {
  console.log(greet(event.user.email));
  api.idToken.setCustomClaim("https://acme.example/keys", Object.keys(event.secrets).join());
};
"""


def _greeted(run: FlowRun) -> bool:
    """Whether the first version ran, with its secret, which is not told."""
    (line,) = run.executions[0].console
    return (
        line.startswith(f"hello {EVENT['user']['email']}, ") and "hidden-value" not in line and "undefined" not in line
    )


async def test_a_login_runs_the_version_of_a_module_that_the_live_action_is_pinned_to(tmp_path: Path) -> None:
    host = NodeHost(node_executable())
    async with host, opened(tmp_path / "tenant", runner=host) as session:
        first = await session.published("greeter", code=GREETER, secrets=[{"name": "SIGN", "value": "hidden-value"}])
        action = await session.deployed("greets", code=ACTION, modules=[first])
        await session.bind("greets")
        run = await session.tenant.fire("post-login", EVENT)
        assert _greeted(run)
        assert run.executions[0].calls[0].args == ("https://acme.example/keys", "")

        await session.answer("PATCH", f"{MODULES}/{first['module_id']}", {"code": SHOUTER})
        second = {**first, "module_version_id": (await session.publish(first["module_id"]))["id"]}
        run = await session.tenant.fire("post-login", EVENT)
        assert _greeted(run)

        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"modules": [second]})
        tested = await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": dict(EVENT)})
        assert tested["payload"]["logs"] == f"HELLO {EVENT['user']['email']}!"
        await session.deploy(action["id"])
        run = await session.tenant.fire("post-login", EVENT)
        assert run.executions[0].console == (f"HELLO {EVENT['user']['email']}!",)
