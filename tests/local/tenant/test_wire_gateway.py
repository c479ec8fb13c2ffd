"""What the gateway does to every call: headers, forms, pages, methods, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.local.tenant.opened import ACTIONS, CODE, FLOW, LOGS, POST_LOGIN, opened

pytestmark = pytest.mark.anyio
HEADERS = {
    "cache-control": "no-cache",
    "strict-transport-security": "max-age=31536000",
    "vary": "origin,accept-encoding",
    "x-content-type-options": "nosniff",
}


async def test_every_answer_has_the_platforms_headers(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        answers = [
            await session.send("GET", ACTIONS),
            await session.send("GET", "/api/v2/nothing"),
            await session.send("POST", ACTIONS, {}),
            await session.send("DELETE", f"{ACTIONS}/{action['id']}"),
        ]
        assert [answer.status_code for answer in answers] == [200, 404, 400, 204]
        for answer in answers:
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answers[-1].content == b""


async def test_a_form_is_a_body_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        form = {"name": "greet", "code": CODE, "supported_triggers": json.dumps(POST_LOGIN), "deploy": "true"}
        answer = await session.client.post(ACTIONS, data=form)
        assert answer.status_code == 201
        assert (answer.json()["name"], answer.json()["all_changes_deployed"]) == ("greet", True)
        wrong = await session.client.post(ACTIONS, data={**form, "name": "other", "deploy": "maybe"})
        assert wrong.status_code == 400
        assert "Expected type boolean but found type string" in wrong.json()["message"]


async def test_head_is_get_without_a_body(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        head, get = await session.send("HEAD", ACTIONS), await session.send("GET", ACTIONS)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", ACTIONS), ("DELETE", FLOW), ("POST", LOGS), ("GET", f"{ACTIONS}/")]
)
async def test_a_method_or_a_path_that_leads_nowhere_is_not_found(tmp_path: Path, method: str, path: str) -> None:
    async with opened(tmp_path) as session:
        answer = await session.send(method, path)
        assert answer.json() == {"statusCode": 404, "error": "Not Found", "message": "Not Found"}


async def test_a_page_larger_than_100_is_cut(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        for path in (ACTIONS, FLOW, f"{ACTIONS}/{action['id']}/versions"):
            assert (await session.answer("GET", path, per_page=1000))["per_page"] == 100
        refused = await session.send("GET", LOGS, per_page=101)
        assert refused.json()["errorCode"] == "invalid_query_string"


@pytest.mark.parametrize("query", [{"sort": "log_id:1"}, {"sort": "date"}, {"fields": "date,secret"}, {"take": 101}])
async def test_logs_are_sorted_and_cut_by_known_fields_only(tmp_path: Path, query: dict[str, str]) -> None:
    async with opened(tmp_path) as session:
        answer = await session.send("GET", LOGS, **query)
        assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_query_string")


async def test_logs_can_be_sorted_by_another_field(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        await session.deploy(action["id"])
        await session.answer("DELETE", f"{ACTIONS}/{action['id']}")
        for direction in (1, -1):
            found = await session.answer("GET", LOGS, sort=f"description:{direction}", fields="description")
            told = [entry["description"] for entry in found]
            assert told == ["Create an action", "Delete an action", "Deploy an action"][::direction]


async def test_all_pages_of_a_search_reach_1000_entries_and_a_checkpoint_reaches_all(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        await session.deploy(action["id"])

        def many(connection: object) -> None:
            connection.execute(  # type: ignore[attr-defined]
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1098) INSERT INTO logs "
                "(log_id, body) SELECT substr(log_id, 1, 52) || (1000 + i), "
                "json_set(body, '$.type', 's', '$.log_id', substr(log_id, 1, 52) || (1000 + i)) "
                "FROM logs, n WHERE seq = 2"
            )

        await session.tenant.store.write(many)
        pages = [await session.answer("GET", LOGS, page=page, per_page=100) for page in (0, 9, 10, 11)]
        assert [len(page) for page in pages] == [100, 100, 0, 0]
        totals = await session.answer("GET", LOGS, q="type:s", include_totals="true", per_page=1)
        assert totals["total"] == 1000
        seen, last = 0, ""
        for _ in range(12):
            page = await session.answer("GET", LOGS, **{"from": last} if last else {}, take=100)
            seen, last = seen + len(page), page[-1]["log_id"] if page else last
        assert seen == 1100


async def test_a_checkpoint_ignores_every_other_parameter(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.create("one")
        (entry,) = await session.answer("GET", LOGS, take=5, q="type:nothing", fields="type", include_totals="true")
        assert entry["description"] == "Create an action"


async def test_a_write_is_logged_with_the_scopes_of_its_client_and_without_an_empty_body(tmp_path: Path) -> None:
    async with opened(tmp_path, scope="create:actions delete:actions read:logs") as session:
        action = await session.create("greet")
        await session.answer("DELETE", f"{ACTIONS}/{action['id']}")
        deleted, created = await session.answer("GET", LOGS)
        assert deleted["details"]["request"]["body"] is None
        credentials = created["details"]["request"]["auth"]["credentials"]
        assert sorted(credentials["scopes"]) == ["create:actions", "delete:actions", "read:logs"]
