"""The short moment after a deploy in which the new version is not live yet (wire.md, section 2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.local.state.deploys import BUILD_NS
from tests.local.tenant.opened import ACTIONS, CODE, FLOW, Scripted, Session, opened

pytestmark = pytest.mark.anyio
MOMENT = timedelta(microseconds=BUILD_NS // 1000)
OTHER = CODE.replace("{}", "{ /* other */ }")


class Still:
    """A clock that stands until it is set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def shown(session: Session, action_id: str) -> tuple[Any, Any, bool]:
    """The number of the deployed version, that of the current one, and whether all is deployed."""
    action = await session.get(action_id)
    numbers = [(action.get(key) or {}).get("number") for key in ("deployed_version", "current_version")]
    return (*numbers, action["all_changes_deployed"])


async def test_a_first_version_goes_live_a_moment_after_its_deploy(tmp_path: Path) -> None:
    clock = Still()
    async with opened(tmp_path, clock=clock) as session:
        action = await session.create("greet")
        answer = await session.deploy(action["id"])
        assert (answer["number"], answer["deployed"], answer["status"], "built_at" in answer) == (
            1,
            False,
            "built",
            False,
        )
        assert await shown(session, action["id"]) == (None, None, False)
        clock.now += MOMENT - timedelta(milliseconds=1)
        assert await shown(session, action["id"]) == (None, None, False)
        clock.now += timedelta(milliseconds=2)
        assert await shown(session, action["id"]) == (1, 1, True)
        version = (await session.get(action["id"]))["deployed_version"]
        assert (version["id"], version["deployed"], "built_at" in version) == (answer["id"], True, True)
        assert version["created_at"] < version["built_at"] < version["updated_at"]


async def test_the_former_version_is_shown_and_runs_until_then(tmp_path: Path) -> None:
    clock, runner = Still(), Scripted()
    async with opened(tmp_path, clock=clock, runner=runner) as session:
        action = await session.create("greet")
        await session.deploy(action["id"])
        clock.now += MOMENT * 2
        await session.bind("greet")
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": OTHER})
        await session.deploy(action["id"])
        assert await shown(session, action["id"]) == (1, 1, False)
        listed = (await session.answer("GET", f"{ACTIONS}/{action['id']}/versions"))["versions"]
        assert [(each["number"], each["deployed"], "built_at" in each) for each in listed] == [
            (2, False, False),
            (1, True, True),
        ]
        await session.tenant.fire("post-login", {})
        clock.now += MOMENT * 2
        await session.tenant.fire("post-login", {})
        assert [job.code for job in runner.jobs] == [CODE, OTHER]
        (binding,) = (await session.answer("GET", FLOW))["bindings"]
        assert binding["action"]["deployed_version"]["number"] == 2


async def test_an_action_is_not_bound_before_its_first_version_is_live(tmp_path: Path) -> None:
    clock = Still()
    async with opened(tmp_path, clock=clock) as session:
        action = await session.create("greet")
        await session.deploy(action["id"])
        body = {"bindings": [{"ref": {"type": "action_id", "value": action["id"]}}]}
        refused = await session.send("PATCH", FLOW, body)
        assert refused.status_code == 400
        assert "has not been deployed yet" in refused.json()["message"]
        clock.now += MOMENT * 2
        assert (await session.send("PATCH", FLOW, body)).status_code == 200


async def test_a_draft_written_in_between_does_not_lose_the_deploy(tmp_path: Path) -> None:
    clock = Still()
    async with opened(tmp_path, clock=clock) as session:
        action = await session.create("greet")
        await session.deploy(action["id"])
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": OTHER})
        clock.now += MOMENT * 2
        assert await shown(session, action["id"]) == (1, 1, False)
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": CODE})
        assert await shown(session, action["id"]) == (1, 1, True)


async def test_a_clock_that_was_set_back_takes_nothing_out_of_a_flow(tmp_path: Path) -> None:
    clock = Still()
    async with opened(tmp_path, clock=clock) as session:
        await session.create("greet")
        action = await session.create("other")
        await session.deploy(action["id"])
        clock.now += MOMENT * 2
        await session.bind("other")
        for back in (timedelta(milliseconds=100), timedelta(hours=2)):
            clock.now -= back
            (binding,) = (await session.answer("GET", FLOW))["bindings"]
            assert binding["action"]["deployed_version"]["number"] == 1


async def test_of_fifty_one_versions_the_oldest_is_dropped_and_numbers_go_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        answers = [await session.deploy(action["id"]) for _ in range(51)]
        path = f"{ACTIONS}/{action['id']}/versions"
        listed = await session.answer("GET", path, per_page=100)
        assert [each["number"] for each in listed["versions"]] == list(range(51, 1, -1))
        assert (await session.send("GET", f"{path}/{answers[0]['id']}")).status_code == 404
        again = await session.answer("POST", f"{path}/{answers[1]['id']}/deploy")
        assert again["number"] == 52
        assert (await session.send("GET", f"{path}/{answers[1]['id']}")).status_code == 404
        assert await shown(session, action["id"]) == (52, 52, True)
