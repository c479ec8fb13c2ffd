"""A tenant that has modules, though the repository has none: they belong to others and are left alone."""

from __future__ import annotations

import asyncio
import json

import pytest

from reconciler.settings import now
from tests.local.tenant.opened import ACTIONS, FLOW, MODULES, Session, opened
from tests.run.conftest import Home


def test_a_foreign_action_with_a_module_is_read_and_left_alone(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("apply", "--yes") == 0
    asyncio.run(_foreign_action(home))
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    home.change("actions/greet/code.js", "exports.", "// hello\nexports.")
    home.commit("say hello")
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    assert home.reconciler("login", "--format", "json") == 0
    run = json.loads(capsys.readouterr().out)
    assert [each["action"] for each in run["executions"]] == ["foreign", "guard", "greet"]
    assert run["executions"][0]["console"] == ["hello"]


def test_an_own_action_that_was_given_a_module_by_hand_is_put_back(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.reconciler("apply", "--yes") == 0
    asyncio.run(_module_by_hand(home))
    capsys.readouterr()
    assert home.reconciler("apply", "--yes") == 0
    assert "    - module shared 1\n" in capsys.readouterr().out
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    assert asyncio.run(_modules(home)) == ["shared"]


async def _foreign_action(home: Home) -> None:
    code = "exports.onExecutePostLogin = async () => console.log(require('actions:shared').greet());"
    async with opened(home.folder / ".reconciler" / "tenants" / "local", clock=now) as session:
        made = await session.deployed("foreign", code=code, modules=[await session.published("shared")])
        await _live(session, made["id"])
        known = (await session.answer("GET", FLOW))["bindings"]
        kept = [{"ref": {"type": "action_id", "value": each["action"]["id"]}} for each in known]
        first = {"ref": {"type": "action_name", "value": "foreign"}}
        await session.answer("PATCH", FLOW, {"bindings": [first, *kept]})


async def _module_by_hand(home: Home) -> None:
    async with opened(home.folder / ".reconciler" / "tenants" / "local", clock=now) as session:
        (greet,) = (await session.answer("GET", ACTIONS, actionName="greet"))["actions"]
        await session.answer("PATCH", f"{ACTIONS}/{greet['id']}", {"modules": [await session.published("shared")]})
        await session.built()
        await session.deploy(greet["id"])
        await _live(session, greet["id"])


async def _modules(home: Home) -> list[str]:
    async with opened(home.folder / ".reconciler" / "tenants" / "local", clock=now) as session:
        return [each["name"] for each in (await session.answer("GET", MODULES))["modules"]]


async def _live(session: Session, action_id: str) -> None:
    """Waits for the moment that passes after a deploy."""
    while not (await session.get(action_id))["all_changes_deployed"]:
        await asyncio.sleep(0.02)
