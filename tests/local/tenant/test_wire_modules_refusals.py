from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.local.tenant.opened import ACTIONS, LOGS, MODULES, POST_LOGIN, Session, opened

pytestmark = pytest.mark.anyio
CASES = json.loads(Path(__file__).with_name("module_refusals.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
async def test_a_bad_request_is_refused_and_writes_nothing(tmp_path: Path, case: dict[str, Any]) -> None:
    async with opened(tmp_path) as session:
        ids = await _prepared(session)
        before = await _everything(session)
        body = json.loads(_filled(json.dumps(case["body"]), ids)) if "body" in case else None
        response = await session.client.request(case["method"], _filled(case["path"], ids), json=body)
        expected = {"statusCode": case["status"], "error": case["error"], "message": case["message"]}
        if "errorCode" in case:
            expected["errorCode"] = case["errorCode"]
        assert response.json() == expected
        assert response.status_code == case["status"]
        assert await _everything(session) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", MODULES, None),
        ("POST", MODULES, {"name": "m"}),
        ("PATCH", f"{MODULES}/nobody", {}),
        ("POST", f"{MODULES}/nobody/versions", None),
        ("POST", ACTIONS, {"name": "a", "supported_triggers": POST_LOGIN, "modules": [{"module_id": "x"}]}),
    ],
)
async def test_a_tenant_whose_modules_are_off_says_so(tmp_path: Path, method: str, path: str, body: Any) -> None:
    async with opened(tmp_path, modules="off") as session:
        response = await session.send(method, path, body)
        assert response.json() == {
            "statusCode": 403,
            "error": "Forbidden",
            "message": "This feature is not enabled for this tenant.",
            "errorCode": "feature_not_enabled",
        }
        assert (await session.create("plain", modules=[]))["name"] == "plain"


async def test_an_early_tenant_takes_any_name(tmp_path: Path) -> None:
    async with opened(tmp_path, modules="early") as session:
        assert (await session.module("Test Module"))["name"] == "Test Module"


async def _prepared(session: Session) -> dict[str, str]:
    """A published module that nobody uses, one that an undeployed action uses, and that action."""
    known, used = await session.published("known"), await session.published("used")
    action = await session.create("greet", modules=[used])
    return {
        "known": known["module_id"],
        "version": known["module_version_id"],
        "used": used["module_id"],
        "action": action["id"],
    }


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def _everything(session: Session) -> list[Any]:
    log = await session.answer("GET", LOGS, q="type:sapi")
    return [await session.answer("GET", MODULES), await session.answer("GET", ACTIONS), log]
