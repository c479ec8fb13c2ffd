from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.local.tenant.opened import ACTIONS, LOGS, Clock, credentials, opened

pytestmark = pytest.mark.anyio


async def test_every_write_is_logged_without_secret_values(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        await session.deploy(action["id"])
        await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": {"secrets": {"A": "hidden-too"}}})
        await session.answer("DELETE", f"{ACTIONS}/{action['id']}", force="true")
        logs = await session.answer("GET", LOGS)
        described = [entry["description"] for entry in logs]
        assert described == ["Delete an action", "Test an Action", "Deploy an action", "Create an action"]
        newest, oldest = logs[0], logs[-1]
        assert list(newest) == [
            "_id",
            "log_id",
            "date",
            "type",
            "description",
            "connection",
            "connection_id",
            "organization_id",
            "organization_name",
            "client_id",
            "client_name",
            "ip",
            "hostname",
            "details",
            "user_id",
            "user_name",
            "user_agent",
            "audience",
            "strategy",
            "strategy_type",
            "isMobile",
            "location_info",
        ]
        assert (newest["type"], newest["client_id"]) == ("sapi", session.tenant.client_id)
        assert newest["ip"] == "127.0.0.1"
        assert newest["user_agent"].startswith("python-httpx/")
        request = newest["details"]["request"]
        assert (request["method"], request["path"]) == ("delete", f"{ACTIONS}/{action['id']}")
        assert request["query"] == {"force": "true"}
        assert newest["details"]["response"] == {"body": {}, "statusCode": 204}
        assert oldest["details"]["request"]["body"]["secrets"] == [{"name": "KEY", "value": "[REDACTED]"}]
        assert "hidden" not in str(logs)


async def test_ids_have_56_digits_and_grow(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        for name in "abc":
            await session.create(name)
        ids = [entry["log_id"] for entry in await session.answer("GET", LOGS)]
        assert ids == sorted(ids, reverse=True)
        assert all(len(each) == 56 and each.startswith("900") and each.isdigit() for each in ids)


async def test_logs_are_paged_newest_first_and_followed_oldest_first(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        for number in range(5):
            await session.create(f"action {number}")
        pages = [await session.answer("GET", LOGS, page=page, per_page=2) for page in range(4)]
        assert [len(page) for page in pages] == [2, 2, 1, 0]
        ids = [entry["log_id"] for page in pages for entry in page]
        followed = await session.answer("GET", LOGS, **{"from": ids[3]}, take=2)
        assert [entry["log_id"] for entry in followed] == [ids[2], ids[1]]
        first = await session.answer("GET", LOGS, take=2)
        assert [entry["log_id"] for entry in first] == [ids[4], ids[3]]
        assert await session.answer("GET", LOGS, **{"from": ids[0]}) == []
        totals = await session.answer("GET", LOGS, page=1, per_page=2, include_totals="true")
        assert list(totals) == ["start", "limit", "length", "total", "logs"]
        assert (totals["start"], totals["limit"], totals["length"], totals["total"]) == (2, 2, 2, 5)
        assert (await session.answer("GET", f"{LOGS}/{ids[2]}"))["log_id"] == ids[2]


async def test_logs_can_be_searched_sorted_and_cut(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("one")
        await session.deploy(action["id"])
        found = await session.answer("GET", LOGS, q='type:"sapi" AND description:"Create an action"')
        assert [entry["description"] for entry in found] == ["Create an action"]
        assert await session.answer("GET", LOGS, q="type:s") == []
        assert await session.answer("GET", LOGS, q="type:sapi", search="type:s") == []
        refused = await session.send("GET", LOGS, q="type:sapi) OR (type:s")
        assert refused.status_code == 400
        oldest = await session.answer("GET", LOGS, sort="date:1", per_page=1, fields="description")
        assert oldest == [{"description": "Create an action"}]
        cut = await session.answer("GET", LOGS, per_page=1, fields="details", include_fields="false")
        assert "details" not in cut[0]
        assert "description" in cut[0]


async def test_entries_are_kept_thirty_days(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as session:
        await session.create("old")
        clock.now += timedelta(days=29)
        token = await session.client.post("/oauth/token", json=credentials(session.tenant))
        session.client.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
        await session.create("new")
    clock.now += timedelta(days=2)
    async with opened(tmp_path, clock=clock) as session:
        bodies = [entry["details"]["request"]["body"]["name"] for entry in await session.answer("GET", LOGS)]
        assert bodies == ["new"]
