"""Actions that use modules: shown, deployed, built, run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.errors import PackageError
from reconciler.local.node.job import Job, JobModule
from reconciler.local.state.material import material_from_json
from reconciler.model.execution import Execution
from tests.local.tenant.opened import ACTIONS, FLOW, LOGS, MODULES, SHARED, Scripted, Session, opened

pytestmark = pytest.mark.anyio
EVENT = triggers()["post-login"].sample_event
LODASH = [{"name": "lodash", "version": "4.17.21"}]
BROKEN = [{"name": "crypto", "version": "17.7.1"}]


class Shelf:
    """Stands in for npm: a folder per set; raises for a version that does not exist."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[Mapping[str, str]] = []
        self._folder = folder

    async def __call__(self, wanted: Mapping[str, str]) -> Path:
        self.asked.append(wanted)
        if "17.7.1" in wanted.values():
            raise PackageError("There is no version 17.7.1 of crypto.", "Choose another.")
        folder = self._folder / "-".join(wanted)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


async def _using(session: Session, module_id: str, **query: Any) -> Any:
    return await session.answer("GET", f"{MODULES}/{module_id}/actions", **query)


async def _second_version(session: Session, pin: dict[str, str]) -> dict[str, str]:
    await session.answer("PATCH", f"{MODULES}/{pin['module_id']}", {"code": "// second"})
    version = await session.publish(pin["module_id"])
    return {**pin, "module_version_id": version["id"]}


async def test_an_action_shows_its_modules_in_its_draft_its_versions_and_its_bindings(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        pins = [await session.published("one"), await session.published("two")]
        action = await session.deployed("greet", modules=pins)
        expected = [
            {
                "module_id": pin["module_id"],
                "module_name": name,
                "module_version_id": pin["module_version_id"],
                "module_version_number": 1,
            }
            for pin, name in zip(pins, ("one", "two"), strict=True)
        ]
        assert action["modules"] == action["deployed_version"]["modules"] == expected
        keys = list(action["deployed_version"])
        assert keys[keys.index("secrets") + 1] == "modules"
        assert "modules" not in action["current_version"]
        versions = (await session.answer("GET", f"{ACTIONS}/{action['id']}/versions"))["versions"]
        assert versions[0]["modules"] == expected
        bound = (await session.bind("greet"))["bindings"][0]
        assert bound["action"]["deployed_version"]["modules"] == expected
        assert "modules" not in bound["action"]


async def test_an_action_without_modules_does_not_name_them(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.deployed("greet", modules=[])
        assert "modules" not in action
        assert "modules" not in action["deployed_version"]


async def test_another_version_of_a_module_is_a_change_that_waits_for_a_deploy(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        first = await session.published("shared")
        action = await session.deployed("greet", modules=[first])
        path = f"{ACTIONS}/{action['id']}"
        second = await _second_version(session, first)
        assert (await session.get(action["id"]))["all_changes_deployed"] is True
        kept = await session.answer("PATCH", path, {"code": action["code"]})
        assert kept["modules"] == action["modules"]
        changed = await session.answer("PATCH", path, {"modules": [second]})
        assert changed["modules"][0]["module_version_number"] == 2
        assert changed["deployed_version"]["modules"][0]["module_version_number"] == 1
        assert changed["all_changes_deployed"] is False
        await session.deploy(action["id"])
        assert (await session.get(action["id"]))["all_changes_deployed"] is True
        emptied = await session.answer("PATCH", path, {"modules": []})
        assert "modules" not in emptied
        assert emptied["all_changes_deployed"] is False


async def test_an_action_that_is_created_with_deploy_has_its_modules_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        created = await session.create("greet", modules=[await session.published("shared")], deploy=True)
        assert created["deployed_version"]["modules"] == created["modules"]
        assert created["all_changes_deployed"] is True
        await session.built()
        assert (await session.get(created["id"]))["deployed_version"]["status"] == "built"


async def test_what_an_answer_showed_of_a_module_may_be_sent_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet", modules=[await session.published("shared")])
        again = await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"modules": action["modules"]})
        assert again["modules"] == action["modules"]


async def test_the_actions_of_a_module_are_those_whose_live_version_uses_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        pin = await session.published("shared")
        module_id = pin["module_id"]
        await session.create("draft", modules=[pin])
        live = await session.deployed("live", modules=[pin])
        moved = await session.deployed("moved", modules=[pin])
        await session.answer("PATCH", f"{ACTIONS}/{moved['id']}", {"modules": []})
        shown = await _using(session, module_id, page=0, per_page=50)
        assert [each["action_name"] for each in shown["actions"]] == ["live", "moved"]
        assert shown["actions"][0] == {
            "action_id": live["id"],
            "action_name": "live",
            "module_version_id": pin["module_version_id"],
            "module_version_number": 1,
        }
        assert {**shown, "actions": []} == {"actions": [], "total": 2, "per_page": 50}
        assert await _using(session, module_id, page=1) == {"actions": [], "page": 1, "per_page": 20}
        await session.deploy(moved["id"])
        assert (await session.answer("GET", f"{MODULES}/{module_id}"))["actions_using_module_total"] == 1


async def test_a_module_can_be_deleted_once_no_draft_and_no_live_version_uses_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        pin = await session.published("shared")
        path = f"{MODULES}/{pin['module_id']}"
        action = await session.deployed("greet", modules=[pin])
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"modules": []})
        assert (await session.send("DELETE", path)).status_code == 412
        await session.deploy(action["id"])
        assert (await session.send("DELETE", path)).status_code == 204
        assert (await session.answer("GET", MODULES))["total"] == 0

        versions = (await session.answer("GET", f"{ACTIONS}/{action['id']}/versions"))["versions"]
        old = versions[-1]
        assert old["modules"][0]["module_name"] == "shared"
        refused = await session.send("POST", f"{ACTIONS}/{action['id']}/versions/{old['id']}/deploy")
        assert refused.json()["message"] == "That version uses an action module that does not exist any more."


async def test_rolling_an_action_back_brings_its_modules_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        first = await session.published("shared")
        action = await session.deployed("greet", modules=[first])
        version = action["deployed_version"]["id"]
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"modules": [await _second_version(session, first)]})
        await session.deploy(action["id"])
        path = f"{ACTIONS}/{action['id']}/versions/{version}/deploy"
        assert (await session.answer("POST", path, {"update_draft": True}))["modules"] == action["modules"]
        assert (await session.get(action["id"]))["modules"] == action["modules"]


async def test_a_run_gets_the_pinned_modules_with_their_secrets_and_packages(tmp_path: Path) -> None:
    runner, shelf = Scripted(), Shelf(tmp_path / "store")
    async with opened(tmp_path / "tenant", runner=runner, install=shelf) as session:
        secrets = [{"name": "KEY", "value": "hidden-value"}]
        pin = await session.published("shared", secrets=secrets, dependencies=LODASH)
        await session.answer("PATCH", f"{MODULES}/{pin['module_id']}", {"code": "// later", "secrets": []})
        await session.deployed("greet", modules=[pin])
        await session.bind("greet")
        await session.tenant.fire("post-login", EVENT)
        expected = JobModule("shared", SHARED, {"KEY": "hidden-value"}, tmp_path / "store" / "lodash")
        assert runner.jobs[0].modules == (expected,)
        assert (runner.jobs[0].packages, runner.jobs[0].secrets) == (None, {})


async def test_a_modules_secret_is_masked_in_whatever_a_run_says(tmp_path: Path) -> None:
    def script(job: Job) -> Execution:
        return Execution(action=job.action, handler=job.handler, console=("leaked hidden-value",))

    async with opened(tmp_path, runner=Scripted({"greet": script})) as session:
        pin = await session.published("shared", secrets=[{"name": "KEY", "value": "hidden-value"}])
        action = await session.deployed("greet", modules=[pin])
        await session.bind("greet")
        run = await session.tenant.fire("post-login", EVENT)
        assert run.executions[0].console == ("leaked ***",)
        tested = await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": {}})
        assert tested["payload"]["logs"] == "leaked ***"


async def test_the_packages_of_a_module_are_installed_at_its_publishing_and_awaited_by_the_draft(
    tmp_path: Path,
) -> None:
    shelf = Shelf(tmp_path / "store")
    async with opened(tmp_path / "tenant", install=shelf) as session:
        pin = await session.published("shared", dependencies=LODASH)
        await session.built()
        assert shelf.asked == [{"lodash": "4.17.21"}]
        action = await session.create("greet", modules=[pin])
        assert action["status"] == "pending"
        assert (await session.get(action["id"]))["status"] in ("pending", "building")
        await session.built()
        assert (await session.get(action["id"]))["status"] == "built"


async def test_a_module_that_cannot_be_built_is_told_in_the_log_and_fails_the_actions_that_use_it(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "tenant", install=Shelf(tmp_path / "store")) as session:
        pin = await session.published("shared", dependencies=BROKEN)
        await session.built()
        action = await session.create("greet", modules=[pin])
        await session.built()
        assert (await session.get(action["id"]))["status"] == "failed"
        assert (await session.send("POST", f"{ACTIONS}/{action['id']}/deploy")).status_code == 400
        told = [entry for entry in await session.answer("GET", LOGS) if entry["description"].startswith("Build of")]
        assert [entry["description"] for entry in told] == [
            "Build of action greet failed: The module shared cannot be built. There is no version 17.7.1 of crypto.",
            "Build of version 1 of module shared failed: There is no version 17.7.1 of crypto.",
        ]
        assert told[0]["details"]["action_id"] == action["id"]
        assert told[1]["details"]["module_version_id"] == pin["module_version_id"]
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"modules": []})
        assert (await session.get(action["id"]))["status"] == "built"


async def test_a_module_version_that_was_left_behind_is_built_at_the_next_opening(tmp_path: Path) -> None:
    async with opened(tmp_path / "tenant", install=_never) as session:
        pin = await session.published("shared", dependencies=LODASH)
        await session.create("greet", modules=[pin])
    shelf = Shelf(tmp_path / "store")
    async with opened(tmp_path / "tenant", install=shelf) as session:
        await session.built()
        assert shelf.asked == [{"lodash": "4.17.21"}] * 2
        assert (await session.answer("GET", ACTIONS))["actions"][0]["status"] == "built"


async def test_a_flow_with_a_module_goes_on_after_the_packages_were_thrown_away(tmp_path: Path) -> None:
    runner, shelf = Scripted(), Shelf(tmp_path / "store")
    async with opened(tmp_path / "tenant", runner=runner, install=shelf) as session:
        await session.deployed("greet", modules=[await session.published("shared", dependencies=LODASH)])
        await session.answer("PATCH", FLOW, {"bindings": [{"ref": {"type": "action_name", "value": "greet"}}]})
        (tmp_path / "store" / "lodash").rmdir()
        await session.tenant.fire("post-login", EVENT)
        assert runner.jobs[0].modules[0].packages == tmp_path / "store" / "lodash"
        assert (tmp_path / "store" / "lodash").is_dir()


def test_a_row_from_before_modules_still_loads() -> None:
    text = (
        '{"trigger_id":"post-login","trigger_version":"v3","runtime":"node22","code":"","dependencies":[],"secrets":[]}'
    )
    assert material_from_json(text).modules == ()


async def _never(wanted: Mapping[str, str]) -> Path:
    raise _Stopped


class _Stopped(BaseException):
    """Ends a build as a kill would: nothing is written any more."""
