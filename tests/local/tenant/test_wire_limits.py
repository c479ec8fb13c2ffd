"""The documented numbers at their very edge: the last that is taken, and the first that is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue import limits
from reconciler.errors import PackageError
from tests.local.tenant.opened import ACTIONS, CODE, Session, opened

pytestmark = pytest.mark.anyio
Fields = Callable[[int], dict[str, Any]]
CHALLENGE = "password-reset-post-challenge"


def secret(name: str, value: str = "v") -> dict[str, str]:
    return {"name": name, "value": value}


def package(name: str, version: str = "1.0.0") -> dict[str, str]:
    return {"name": name, "version": version}


EDGES: dict[str, tuple[int, Fields]] = {
    "bytes of code": (limits.CODE_BYTES, lambda most: {"code": "ü" * (most // 2) + "x" * (most % 2)}),
    "secrets": (limits.SECRETS, lambda most: {"secrets": [secret(f"S{at}") for at in range(most)]}),
    "name of a secret": (limits.SECRET_NAME_CHARACTERS, lambda most: {"secrets": [secret("ü" * most)]}),
    "value of a secret": (limits.SECRET_VALUE_CHARACTERS, lambda most: {"secrets": [secret("S", "ü" * most)]}),
    "dependencies": (limits.DEPENDENCIES, lambda most: {"dependencies": [package(f"p{at}") for at in range(most)]}),
    "name of a package": (limits.DEPENDENCY_NAME_CHARACTERS, lambda most: {"dependencies": [package("p" * most)]}),
    "version of a package": (
        limits.DEPENDENCY_VERSION_CHARACTERS,
        lambda most: {"dependencies": [package("p", "1" * most)]},
    ),
}


@pytest.mark.parametrize("what", EDGES)
async def test_a_draft_may_reach_a_limit_and_not_pass_it(tmp_path: Path, what: str) -> None:
    most, fields = EDGES[what]
    async with opened(tmp_path) as session:
        action = await session.create("greet", **fields(most))
        await session.built()
        assert (await session.send("PATCH", f"{ACTIONS}/{action['id']}", fields(most + 1))).status_code == 400
        body = {"name": "other", "supported_triggers": [{"id": "post-login"}], **fields(most + 1)}
        assert (await session.send("POST", ACTIONS, body)).status_code == 400
        assert (await session.answer("GET", ACTIONS))["total"] == 1


@pytest.mark.parametrize(("trigger", "most"), [("post-login", 20), (CHALLENGE, 4)])
async def test_a_flow_may_be_full(tmp_path: Path, trigger: str, most: int) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("greet", supported_triggers=[{"id": trigger}])
        assert limits.bindings(trigger) == most
        assert await _bound(session, trigger, most) == 200
        assert await _bound(session, trigger, most + 1) == 400
        flow = await session.answer("GET", f"/api/v2/actions/triggers/{trigger}/bindings")
        assert flow["total"] == most


@pytest.mark.parametrize("trigger", ["custom-email-provider", "custom-phone-provider"])
async def test_a_provider_has_one_action_whatever_else_there_is(tmp_path: Path, trigger: str) -> None:
    async with opened(tmp_path) as session:
        await session.create("login")
        provider = await session.create("mail", supported_triggers=[{"id": trigger}])
        body = {"name": "second", "supported_triggers": [{"id": trigger}], "code": CODE}
        assert (await session.send("POST", ACTIONS, body)).status_code == 400
        await session.answer("DELETE", f"{ACTIONS}/{provider['id']}")
        assert (await session.send("POST", ACTIONS, body)).status_code == 201


async def test_an_action_has_one_trigger(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        both = [{"id": "post-login"}, {"id": "credentials-exchange"}]
        refused = await session.send("POST", ACTIONS, {"name": "greet", "supported_triggers": both})
        assert refused.json()["message"] == "An action can only target a single trigger at a time."


async def _bound(session: Session, trigger: str, count: int) -> int:
    bindings = [{"ref": {"type": "action_name", "value": "greet"}} for _ in range(count)]
    answer = await session.send("PATCH", f"/api/v2/actions/triggers/{trigger}/bindings", {"bindings": bindings})
    return answer.status_code


async def test_a_failed_draft_is_not_deployed_and_its_next_version_may_be(tmp_path: Path) -> None:
    async def install(wanted: Mapping[str, str]) -> Path:
        if wanted.get("p") == "9.9.9":
            raise PackageError("There is no version 9.9.9 of p.")
        return Path("/nowhere")

    async with opened(tmp_path, install=install) as session:
        action = await session.create("greet", dependencies=[package("p", "9.9.9")])
        await session.built()
        refused = await session.send("POST", f"{ACTIONS}/{action['id']}/deploy")
        assert refused.json()["message"] == "A draft must be in the 'built' state before it can be deployed."
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"dependencies": [package("p")]})
        await session.built()
        assert (await session.deploy(action["id"]))["number"] == 1


async def test_deleting_a_bound_action_by_force_leaves_the_others_in_order(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        made = [await session.deployed(name) for name in ("one", "two", "three")]
        await session.bind("three", "two", "one", "two")
        await session.answer("DELETE", f"{ACTIONS}/{made[1]['id']}", force="true")
        flow = await session.answer("GET", "/api/v2/actions/triggers/post-login/bindings")
        assert [binding["action"]["name"] for binding in flow["bindings"]] == ["three", "one"]
