from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue import limits
from tests.local.tenant.opened import ACTIONS, CODE, LOGS, Session, opened

pytestmark = pytest.mark.anyio
CASES = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
async def test_a_bad_request_is_refused_in_the_platforms_words_and_writes_nothing(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    async with opened(tmp_path) as session:
        known = await session.create("known")
        before = await _everything(session)
        content = case["raw"] if "raw" in case else json.dumps(case["body"]) if "body" in case else None
        response = await session.client.request(
            case["method"], case["path"].replace("{known}", known["id"]), content=content
        )
        expected = {"statusCode": case["status"], "error": case["error"], "message": case["message"]}
        if "errorCode" in case:
            expected["errorCode"] = case["errorCode"]
        assert response.json() == expected
        assert response.status_code == case["status"]
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert await _everything(session) == before


@pytest.mark.parametrize(
    "field",
    [
        {"code": "x" * (limits.CODE_BYTES + 1)},
        {"secrets": [{"name": f"S{number}", "value": "v"} for number in range(limits.SECRETS + 1)]},
        {"secrets": [{"name": "S" * (limits.SECRET_NAME_CHARACTERS + 1), "value": "v"}]},
        {"secrets": [{"name": "S", "value": "v" * (limits.SECRET_VALUE_CHARACTERS + 1)}]},
        {"dependencies": [{"name": f"p{number}", "version": "1.0.0"} for number in range(limits.DEPENDENCIES + 1)]},
        {"dependencies": [{"name": "p" * (limits.DEPENDENCY_NAME_CHARACTERS + 1), "version": "1.0.0"}]},
        {"dependencies": [{"name": "p", "version": "1" * (limits.DEPENDENCY_VERSION_CHARACTERS + 1)}]},
        {"dependencies": [{"name": "p", "version": "1.0.0"}, {"name": "p", "version": "2.0.0"}]},
    ],
    ids=["code", "secrets", "secret name", "secret value", "packages", "package name", "package version", "twice"],
)
async def test_a_draft_beyond_a_documented_limit_is_refused(tmp_path: Path, field: dict[str, Any]) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        before = await _everything(session)
        response = await session.send("PATCH", f"{ACTIONS}/{action['id']}", field)
        assert response.status_code == 400
        assert await _everything(session) == before


async def test_a_second_action_of_a_provider_trigger_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        trigger = [{"id": "custom-email-provider"}]
        await session.create("mail", supported_triggers=trigger)
        body = {"name": "other", "supported_triggers": trigger, "code": CODE}
        assert (await session.send("POST", ACTIONS, body)).status_code == 400


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999", "9" * 5000])
async def test_a_number_that_nobody_could_answer_or_hand_to_an_action_is_refused(tmp_path: Path, number: str) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        body = f'{{"payload": {{"event": {{"number": {number}}}}}}}'
        response = await session.client.post(f"{ACTIONS}/{action['id']}/test", content=body)
        assert (response.status_code, response.json()["errorCode"]) == (400, "invalid_body")


async def test_a_body_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        response = await session.client.post(ACTIONS, content=b'"' + b"x" * 1_100_000 + b'"')
        assert response.status_code == 413


async def test_a_body_without_end_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        response = await session.client.post(ACTIONS, content=b"[" * 500_000)
        assert response.json()["message"] == "Invalid request payload JSON format"


async def test_what_the_service_refuses_is_logged_as_failed_and_what_the_gateway_refuses_is_not(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.send("POST", ACTIONS, {"name": "no trigger"})
        await session.send("DELETE", f"{ACTIONS}/nobody")
        (entry,) = await session.answer("GET", LOGS)
        assert (entry["type"], entry["description"]) == ("fapi", "Delete an action")
        assert entry["details"]["response"] == {
            "statusCode": 404,
            "body": {"statusCode": 404, "error": "Not Found", "message": "That action does not exist."},
        }


async def _everything(session: Session) -> tuple[Any, Any]:
    return await session.answer("GET", ACTIONS), await session.answer("GET", LOGS, q="NOT type:fapi")
