from __future__ import annotations

from pathlib import Path

import pytest

from tests.local.tenant.opened import ACTIONS, CODE, FLOW, Session, opened

pytestmark = pytest.mark.anyio
TRIGGERS = "/api/v2/actions/triggers"


async def test_a_flow_is_replaced_whole_and_every_binding_is_made_anew(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        one, two = await session.deployed("one"), await session.deployed("two")
        body = {
            "bindings": [
                {"ref": {"type": "action_id", "value": two["id"]}, "display_name": "Second"},
                {"ref": {"type": "action_name", "value": "one"}, "display_name": ""},
            ]
        }
        answer = await session.answer("PATCH", FLOW, body)
        assert list(answer) == ["bindings"]
        assert [each["action"]["name"] for each in answer["bindings"]] == ["two", "one"]
        first, second = answer["bindings"]
        assert list(first) == ["id", "trigger_id", "action", "created_at", "updated_at", "display_name"]
        assert "display_name" not in second
        assert first["created_at"] == first["updated_at"]
        assert list(first["action"]) == [
            "id",
            "name",
            "supported_triggers",
            "created_at",
            "updated_at",
            "current_version",
            "deployed_version",
            "all_changes_deployed",
        ]
        listed = await session.answer("GET", FLOW)
        assert (listed["bindings"], listed["total"], listed["per_page"]) == (answer["bindings"], 2, 20)
        again = await session.answer("PATCH", FLOW, body)
        assert {each["id"] for each in again["bindings"]}.isdisjoint({first["id"], second["id"]})
        by_binding = [{"ref": {"type": "binding_id", "value": again["bindings"][1]["id"]}}]
        kept = await session.answer("PATCH", FLOW, {"bindings": by_binding})
        assert [each["action"]["id"] for each in kept["bindings"]] == [one["id"]]
        assert await session.answer("PATCH", FLOW, {"bindings": []}) == {"bindings": []}


async def test_an_action_may_be_bound_twice(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("one")
        bound = (await session.bind("one", "one"))["bindings"]
        assert len({each["id"] for each in bound}) == 2


async def test_a_bound_action_follows_its_next_deploy(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.deployed("one")
        await session.bind("one")
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": CODE + "//"})
        await session.deploy(action["id"])
        (binding,) = (await session.answer("GET", FLOW))["bindings"]
        assert binding["action"]["deployed_version"]["number"] == 2


async def test_an_action_of_an_older_compatible_version_may_be_bound(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("old", supported_triggers=[{"id": "post-login", "version": "v2"}])
        assert len((await session.bind("old"))["bindings"]) == 1


async def _refusal(session: Session, name: str, path: str = FLOW) -> str:
    before = await session.answer("GET", FLOW)
    body = {"bindings": [{"ref": {"type": "action_name", "value": name}}]}
    response = await session.send("PATCH", path, body)
    assert response.status_code == 400
    assert await session.answer("GET", FLOW) == before
    assert "errorCode" not in response.json()
    return str(response.json()["message"])


async def test_what_cannot_be_bound_is_refused_and_the_flow_stays(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("bound")
        await session.bind("bound")
        await session.create("draft")
        await session.deployed("other", supported_triggers=[{"id": "credentials-exchange"}])
        await session.deployed("exchange", supported_triggers=[{"id": "custom-token-exchange"}])
        undeployed = "Trying to create a binding for an action that has not been deployed yet"
        assert await _refusal(session, "draft") == undeployed
        incompatible = "Trying to create a binding between an incompatible action and trigger."
        assert await _refusal(session, "other") == incompatible
        assert await _refusal(session, "nobody") == "That action does not exist."
        entity = await _refusal(session, "exchange", f"{TRIGGERS}/custom-token-exchange/bindings")
        assert entity == "cannot update action bindings for an entity-bound trigger"


async def test_a_flow_has_room_for_twenty_bindings(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("one")
        assert len((await session.bind(*["one"] * 20))["bindings"]) == 20
        body = {"bindings": [{"ref": {"type": "action_name", "value": "one"}}] * 21}
        assert (await session.send("PATCH", FLOW, body)).status_code == 400


async def test_the_flow_of_an_entity_bound_trigger_is_always_empty(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        listed = await session.answer("GET", f"{TRIGGERS}/event-stream/bindings", per_page=50)
        assert listed == {"bindings": [], "per_page": 50}


async def test_the_list_of_triggers_has_its_current_and_deprecated_versions(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        lines = (await session.answer("GET", TRIGGERS))["triggers"]
        assert len(lines) == 20
        assert lines[0] == {
            "id": "post-login",
            "version": "v3",
            "status": "CURRENT",
            "runtimes": ["node18-actions", "node22"],
            "default_runtime": "node22",
            "binding_policy": "trigger-bound",
            "compatible_triggers": [{"id": "post-login", "version": "v2"}],
        }
