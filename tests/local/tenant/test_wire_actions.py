from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.catalogue import limits
from reconciler.local.node.job import Job
from reconciler.model.execution import Call, Execution, Thrown
from tests.local.tenant.opened import ACTIONS, CODE, FLOW, POST_LOGIN, Scripted, opened

pytestmark = pytest.mark.anyio


async def test_a_new_action_is_pending_and_has_no_version(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        created = await session.create("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        assert list(created) == [
            "id",
            "name",
            "supported_triggers",
            "created_at",
            "updated_at",
            "code",
            "dependencies",
            "runtime",
            "status",
            "secrets",
            "all_changes_deployed",
        ]
        assert (created["status"], created["runtime"], created["dependencies"]) == ("pending", "node22", [])
        assert created["secrets"] == [{"name": "KEY", "updated_at": created["updated_at"]}]
        assert created["created_at"] < created["updated_at"]
        assert (await session.get(created["id"]))["status"] == "built"


async def test_create_with_deploy_is_deployed_at_once_and_built_soon_after(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        created = await session.create("greet", deploy=True)
        assert created["status"] == "pending"
        assert created["all_changes_deployed"] is True
        assert created["current_version"]["status"] == "PENDING"
        assert "built_at" not in created["deployed_version"]
        shown = await session.get(created["id"])
        assert shown["deployed_version"]["status"] == "built"
        assert shown["deployed_version"]["built_at"] == shown["current_version"]["build_time"]
        assert shown["updated_at"] > created["updated_at"]
        assert shown["all_changes_deployed"] is True


async def test_create_with_deploy_waits_for_its_packages_and_cannot_be_bound_before(tmp_path: Path) -> None:
    gate = asyncio.Event()

    async def install(wanted: Mapping[str, str]) -> Path:
        await gate.wait()
        return tmp_path

    async with opened(tmp_path / "tenant", install=install) as session:
        dependencies = [{"name": "lodash", "version": "4.17.21", "registry_url": "https://npm.example"}]
        created = await session.create("greet", deploy=True, dependencies=dependencies)
        refused = await session.send("PATCH", FLOW, {"bindings": [{"ref": {"type": "action_name", "value": "greet"}}]})
        assert refused.status_code == 400
        await session.answer("PATCH", f"{ACTIONS}/{created['id']}", {"code": CODE + "//"})
        gate.set()
        await session.built()
        shown = await session.get(created["id"])
        assert shown["deployed_version"]["status"] == "built"
        assert shown["deployed_version"]["dependencies"] == [{"name": "lodash", "version": "4.17.21"}]
        assert shown["all_changes_deployed"] is False
        await session.bind("greet")


async def test_an_update_waits_for_a_build_even_where_nothing_changed(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        before = await session.deployed("greet")
        updated = await session.answer("PATCH", f"{ACTIONS}/{before['id']}", {"code": CODE})
        assert updated["status"] == "pending"
        assert updated["updated_at"] > before["updated_at"]
        assert updated["all_changes_deployed"] is True
        changed = await session.answer("PATCH", f"{ACTIONS}/{before['id']}", {"code": CODE + "//"})
        assert changed["all_changes_deployed"] is False
        assert changed["deployed_version"]["code"] == CODE
        back = await session.answer("PATCH", f"{ACTIONS}/{before['id']}", {"code": CODE})
        assert back["all_changes_deployed"] is True


async def test_a_name_is_not_content(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        before = await session.deployed("greet")
        renamed = await session.answer("PATCH", f"{ACTIONS}/{before['id']}", {"name": "welcome"})
        assert (renamed["name"], renamed["all_changes_deployed"]) == ("welcome", True)


async def test_secrets_are_kept_replaced_and_ordered_as_the_platform_does(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        given = [{"name": "foo", "value": "1"}, {"name": "gone", "value": "2"}]
        before = await session.create("greet", secrets=given)
        path = f"{ACTIONS}/{before['id']}"
        stamp = before["secrets"][0]["updated_at"]

        kept = await session.answer("PATCH", path, {"code": CODE})
        assert kept["secrets"] == before["secrets"]

        body = {"secrets": [{"name": "bar", "value": "3"}, {"name": "foo"}]}
        replaced = await session.answer("PATCH", path, body)
        assert [secret["name"] for secret in replaced["secrets"]] == ["foo", "bar"]
        assert replaced["secrets"][0]["updated_at"] == stamp
        assert replaced["secrets"][1]["updated_at"] == replaced["updated_at"]

        again = await session.answer("PATCH", path, {"secrets": [{"name": "foo", "value": "1"}, {"name": "bar"}]})
        assert again["secrets"][0]["updated_at"] == again["updated_at"]
        emptied = await session.answer("PATCH", path, {"secrets": []})
        assert emptied["secrets"] == []


async def test_a_second_deploy_makes_version_two(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        created = await session.create("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        first = await session.deploy(created["id"])
        assert (first["number"], first["deployed"], first["status"]) == (1, False, "built")
        assert first["updated_at"] == first["created_at"]
        assert "built_at" not in first
        assert first["secrets"] == created["secrets"]
        assert first["action"]["all_changes_deployed"] is False
        second = await session.deploy(created["id"])
        assert second["number"] == 2
        assert second["id"] != first["id"]
        shown = await session.get(created["id"])
        assert (shown["deployed_version"]["id"], shown["deployed_version"]["deployed"]) == (second["id"], True)
        assert shown["updated_at"] == created["updated_at"]


async def test_versions_are_listed_newest_first_and_one_is_live(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.deployed("greet")
        await session.deploy(action["id"])
        path = f"{ACTIONS}/{action['id']}/versions"
        listed = await session.answer("GET", path)
        assert list(listed) == ["versions", "total", "per_page"]
        assert [(each["number"], each["deployed"]) for each in listed["versions"]] == [(2, True), (1, False)]
        one = await session.answer("GET", f"{path}/{listed['versions'][1]['id']}")
        assert one == listed["versions"][1]
        assert (await session.send("GET", f"{path}/{action['id']}")).status_code == 404


async def test_rolling_back_makes_a_new_version_and_leaves_the_draft_unless_told(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.deployed("greet")
        path = f"{ACTIONS}/{action['id']}"
        first = action["deployed_version"]["id"]
        await session.answer("PATCH", path, {"code": "// two"})
        await session.deploy(action["id"])

        third = await session.answer("POST", f"{path}/versions/{first}/deploy")
        assert (third["number"], third["code"]) == (3, CODE)
        shown = await session.get(action["id"])
        assert (shown["code"], shown["all_changes_deployed"]) == ("// two", False)

        fourth = await session.answer("POST", f"{path}/versions/{first}/deploy", {"update_draft": True})
        shown = await session.get(action["id"])
        assert (fourth["number"], shown["code"], shown["status"]) == (4, CODE, "built")
        assert shown["all_changes_deployed"] is True


async def test_the_fifty_first_version_drops_the_oldest_unused_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        for _ in range(limits.VERSIONS_PER_ACTION + 1):
            newest = await session.deploy(action["id"])
        listed = await session.answer("GET", f"{ACTIONS}/{action['id']}/versions", per_page=100)
        assert newest["number"] == 51
        assert [each["number"] for each in listed["versions"]] == list(range(51, 1, -1))


async def test_lists_leave_out_zeros_and_are_empty_past_the_end(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        assert await session.answer("GET", ACTIONS) == {"actions": [], "per_page": 100}
        for name in ("one", "two", "three"):
            await session.create(name)
        first = await session.answer("GET", ACTIONS, page=0, per_page=2)
        assert [each["name"] for each in first["actions"]] == ["one", "two"]
        assert {key: first[key] for key in first if key != "actions"} == {"total": 3, "per_page": 2}
        second = await session.answer("GET", ACTIONS, page=1, per_page=2)
        assert list(second) == ["actions", "total", "page", "per_page"]
        assert await session.answer("GET", ACTIONS, page=2, per_page=2) == {"actions": [], "page": 2, "per_page": 2}


async def test_lists_are_filtered_by_name_trigger_and_deployment(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.deployed("live")
        await session.create("draft")
        await session.create("other", supported_triggers=[{"id": "credentials-exchange"}])

        async def names(**query: str) -> list[str]:
            listed = await session.answer("GET", ACTIONS, **query)
            return [each["name"] for each in listed["actions"]]

        assert await names(actionName="draft") == ["draft"]
        assert await names(actionName="nobody") == []
        assert await names(triggerId="credentials-exchange") == ["other"]
        assert await names(deployed="true") == ["live"]
        assert await names(deployed="false") == ["draft", "other"]
        assert await names(installed="true") == []


async def test_the_version_of_a_trigger_may_be_left_out(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        created = await session.create("greet", supported_triggers=[{"id": "post-login"}])
        assert created["supported_triggers"] == POST_LOGIN


async def test_an_action_moves_only_to_a_trigger_its_own_is_compatible_with(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        old = await session.create("old", supported_triggers=[{"id": "post-login", "version": "v2"}])
        assert old["runtime"] == "node16"
        path = f"{ACTIONS}/{old['id']}"
        upgraded = await session.answer("PATCH", path, {"supported_triggers": POST_LOGIN, "runtime": "node22"})
        assert upgraded["supported_triggers"] == POST_LOGIN
        refused = await session.send("PATCH", path, {"supported_triggers": [{"id": "post-login", "version": "v2"}]})
        assert refused.json()["message"] == "can't upgrade to this trigger."


async def test_deleting_drops_an_action_and_only_force_drops_a_bound_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.deployed("greet")
        await session.bind("greet")
        path = f"{ACTIONS}/{action['id']}"
        refused = await session.send("DELETE", path)
        assert refused.status_code == 409
        assert refused.json() == {
            "statusCode": 409,
            "error": "Conflict",
            "message": "Unable to delete an action bound to a trigger.",
        }
        gone = await session.send("DELETE", path, force="true")
        assert (gone.status_code, gone.content) == (204, b"")
        assert (await session.answer("GET", FLOW))["bindings"] == []
        assert (await session.send("DELETE", path)).json()["message"] == "That action does not exist."
        assert (await session.create("greet"))["name"] == "greet"


async def test_a_tenant_has_room_for_a_hundred_actions(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        for number in range(limits.ACTIONS_PER_TENANT):
            await session.create(f"action {number}")
        body = {"name": "one more", "supported_triggers": POST_LOGIN}
        assert (await session.send("POST", ACTIONS, body)).status_code == 400
        listed = await session.answer("GET", ACTIONS, page=0, per_page=100)
        assert (len(listed["actions"]), listed["total"]) == (100, 100)


async def test_testing_runs_the_draft_with_its_secrets_and_tells_what_it_did(tmp_path: Path) -> None:
    def script(job: Job) -> Execution:
        call = Call(method="access.deny", args=("no",))
        return Execution(action=job.action, handler=job.handler, calls=(call,), console=("hi",), duration_ms=2.2)

    runner = Scripted({"greet": script})
    async with opened(tmp_path, runner=runner) as session:
        action = await session.create("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        path = f"{ACTIONS}/{action['id']}/test"
        payload = (await session.answer("POST", path, {"payload": {"user": {"email": "ada@example.com"}}}))["payload"]
        assert payload["logs"] == "hi"
        assert payload["commands"] == [{"method": "access.deny", "args": ["no"]}]
        assert payload["stats"]["action_duration_ms"] == 2
        assert "error" not in payload
        assert runner.jobs[0].event == {"user": {"email": "ada@example.com"}}
        assert runner.jobs[0].secrets == {"KEY": "hidden-value"}
        await session.answer("POST", path, {"payload": {"event": {"user": {}}}})
        assert runner.jobs[1].event == {"user": {}}


async def test_a_test_that_throws_is_still_a_good_answer(tmp_path: Path) -> None:
    def script(job: Job) -> Execution:
        thrown = Thrown(name="TypeError", message="leaked hidden-value", stack="TypeError: leaked hidden-value")
        return Execution(action=job.action, handler=job.handler, error=thrown)

    async with opened(tmp_path, runner=Scripted({"greet": script})) as session:
        action = await session.create("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        answer = await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": {}})
        assert list(answer["payload"]) == ["error", "stats"]
        assert answer["payload"]["error"] == {
            "message": "leaked ***",
            "name": "TypeError",
            "stack": "TypeError: leaked ***",
        }
