from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.errors import PackageError
from tests.local.tenant.opened import ACTIONS, CODE, LOGS, Session, opened

pytestmark = pytest.mark.anyio
LODASH = [{"name": "lodash", "version": "4.17.21"}]


class Shelf:
    """Stands in for npm: gives a folder per set, once told to; raises for versions that do not exist."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.gate = asyncio.Event()
        self._folder = folder

    async def __call__(self, wanted: Mapping[str, str]) -> Path:
        self.asked.append(wanted)
        await self.gate.wait()
        if "17.7.1" in wanted.values():
            raise PackageError("There is no version 17.7.1 of crypto.", "Choose another.")
        if "explode" in wanted:
            raise ZeroDivisionError("by zero")
        return self._folder / "-".join(wanted.values())


async def _status(session: Session, action_id: str) -> str:
    return str((await session.get(action_id))["status"])


async def test_a_draft_with_packages_is_building_until_they_are_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    async with opened(tmp_path / "tenant", install=shelf) as session:
        action = await session.create("greet", dependencies=LODASH)
        while await _status(session, action["id"]) == "pending":
            await asyncio.sleep(0.001)
        assert await _status(session, action["id"]) == "building"
        refused = await session.send("POST", f"{ACTIONS}/{action['id']}/deploy")
        assert refused.json() == {
            "statusCode": 400,
            "error": "Bad Request",
            "message": "A draft must be in the 'built' state before it can be deployed.",
        }
        shelf.gate.set()
        await session.built()
        assert await _status(session, action["id"]) == "built"
        assert shelf.asked == [{"lodash": "4.17.21"}]


@pytest.mark.parametrize(
    ("dependency", "reason"),
    [
        ({"name": "crypto", "version": "17.7.1"}, "There is no version 17.7.1 of crypto."),
        ({"name": "explode", "version": "1.0.0"}, "The build stopped: ZeroDivisionError: by zero"),
    ],
)
async def test_a_failed_build_says_why_in_the_log_but_not_on_the_action(
    tmp_path: Path, dependency: dict[str, str], reason: str
) -> None:
    shelf = Shelf(tmp_path)
    shelf.gate.set()
    async with opened(tmp_path / "tenant", install=shelf) as session:
        action = await session.create("greet", dependencies=[dependency])
        await session.built()
        shown = await session.get(action["id"])
        assert (shown["status"], list(shown)) == ("failed", list(action))
        entry = (await session.answer("GET", LOGS, q="type:fapi"))[0]
        assert entry["description"] == f"Build of action greet failed: {reason}"
        assert entry["details"]["action_id"] == action["id"]
        assert (await session.send("POST", f"{ACTIONS}/{action['id']}/deploy")).status_code == 400
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"dependencies": []})
        await session.built()
        assert (await session.get(action["id"]))["status"] == "built"


async def test_a_build_never_overwrites_a_newer_draft(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    async with opened(tmp_path / "tenant", install=shelf) as session:
        action = await session.create("greet", dependencies=[{"name": "crypto", "version": "17.7.1"}])
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"dependencies": LODASH, "code": "// newer"})
        shelf.gate.set()
        await session.built()
        shown = await session.get(action["id"])
        assert (shown["status"], shown["code"], shown["dependencies"]) == ("built", "// newer", LODASH)
        assert await session.answer("GET", LOGS, q="type:fapi") == []


async def test_a_build_of_a_deleted_action_changes_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    async with opened(tmp_path / "tenant", install=shelf) as session:
        action = await session.create("greet", dependencies=LODASH)
        await session.answer("DELETE", f"{ACTIONS}/{action['id']}")
        shelf.gate.set()
        await session.built()
        assert (await session.answer("GET", ACTIONS))["actions"] == []


async def test_builds_that_were_left_behind_are_started_again_at_the_next_opening(tmp_path: Path) -> None:
    async with opened(tmp_path / "tenant", install=Shelf(tmp_path)) as session:
        draft = await session.create("draft", dependencies=LODASH)
        live = await session.create("live", dependencies=LODASH, deploy=True)
        await session.answer("PATCH", f"{ACTIONS}/{live['id']}", {"code": CODE, "dependencies": []})
    shelf = Shelf(tmp_path)
    shelf.gate.set()
    async with opened(tmp_path / "tenant", install=shelf) as session:
        await session.built()
        assert await _status(session, draft["id"]) == "built"
        assert (await session.get(live["id"]))["deployed_version"]["status"] == "built"
        assert shelf.asked == [{"lodash": "4.17.21"}] * 2
