"""Deeds are read from the tenant log, however long it is and whatever it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import pytest

from reconciler.auth0.deeds import PAGES, parse_deed, read_deeds
from reconciler.errors import MissingScope
from reconciler.model.deed import Deeds
from tests.auth0.script import Answer, Clock, Script, client, refusal


def entry(method: str = "patch", path: str = "/api/v2/actions/actions/abc", **more: Any) -> dict[str, Any]:
    """An entry as recorded in go__TestLogManager_Search, about an action."""
    request = {
        "auth": {"credentials": {}, "strategy": "jwt", "user": more.pop("user", {})},
        "body": more.pop("body", {}),
        "channel": more.pop("channel", "api"),
        "ip": "203.0.113.24",
        "method": method,
        "path": path,
        "query": {},
        "userAgent": "Go-Auth0/latest",
    }
    response = {"body": more.pop("answer", {}), "statusCode": more.pop("status", 200)}
    return {
        "log_id": "900",
        "date": "2026-11-20T11:08:19.262Z",
        "type": "sapi",
        "description": "Update an action",
        "client_id": "11tYwy5rk6iavoGW9BgtXYuzcVrCasjE",
        "client_name": "",
        "ip": "[REDACTED]",
        "details": {"request": request, "response": response},
        "user_name": None,
        "user_agent": "Other 0.0.0 / Other 0.0.0",
    } | more


def read(script: Script, **bounds: str) -> Deeds:
    return asyncio.run(read_deeds(client(script, Clock()), **bounds))


def pages(*found: Sequence[Mapping[str, Any]]) -> Callable[[httpx.Request], Answer]:
    """A log of those pages, each found by its number."""
    return lambda request: httpx.Response(200, json=found[int(request.url.params["page"])])


def test_a_machines_call_is_told_with_its_own_user_agent_and_address() -> None:
    deed = parse_deed(entry())
    assert deed is not None
    by = deed.author
    assert (by.did, deed.action_id, by.user_agent, by.ip, by.user) == (
        "edited", "abc", "Go-Auth0/latest", "203.0.113.24", "",
    )  # fmt: skip


def test_a_persons_call_through_the_dashboard_names_the_person() -> None:
    deed = parse_deed(entry(user={"email": "ada@example.com", "name": "Ada"}, channel="https://manage.auth0.com/"))
    assert deed is not None
    assert (deed.author.user, deed.author.channel) == ("ada@example.com", "https://manage.auth0.com/")


@pytest.mark.parametrize(
    ("method", "path", "answer", "told"),
    [
        ("post", "actions/actions", {"id": "abc"}, ("created", "abc", "", "", 0)),
        ("post", "actions/actions/abc/deploy", {"number": 4}, ("deployed", "abc", "", "", 4)),
        ("post", "actions/actions/abc/versions/v/deploy", {"number": 5}, ("redeployed", "abc", "", "", 5)),
        ("delete", "actions/actions/abc", {}, ("deleted", "abc", "", "", 0)),
        ("patch", "actions/triggers/post-login/bindings", {}, ("bound", "", "", "post-login", 0)),
        ("post", "actions/modules", {"id": "m"}, ("created", "", "m", "", 0)),
        ("post", "actions/modules/m/versions", {"version_number": 2}, ("published", "", "m", "", 2)),
        ("post", "actions/modules/m/rollback", {}, ("restored", "", "m", "", 0)),
    ],
)
def test_each_call_is_told_by_its_method_and_path(
    method: str, path: str, answer: dict[str, Any], told: tuple[str, str, str, str, int]
) -> None:
    deed = parse_deed(entry(method, f"/api/v2/{path}", answer=answer))
    assert deed is not None
    assert (deed.author.did, deed.action_id, deed.module_id, deed.trigger, deed.number) == told


@pytest.mark.parametrize(
    "other",
    [
        entry("delete", "/api/v2/organizations/org_1"),
        entry("post", "/api/v2/actions/actions/abc/test"),
        entry(status=400),
        entry(type="fapi"),
        {"type": "sapi", "details": None},
        {"type": "sapi", "details": {"request": [], "response": "x"}},
        {},
    ],
)
def test_other_entries_are_no_deeds(other: dict[str, Any]) -> None:
    assert parse_deed(other) is None


def test_a_log_is_read_page_by_page_to_its_end() -> None:
    script = Script(pages([entry()] * 100, [entry()] * 3))
    read_log = read(script)
    assert (len(read_log.deeds), read_log.since, len(script.asked)) == (103, "", 2)
    assert script.asked[0].url.params["q"] == "type:sapi"


def test_a_log_that_is_too_long_is_read_as_far_as_a_search_reaches() -> None:
    script = Script(pages(*[[entry()] * 100] * PAGES))
    read_log = read(script, since="2026-11-01T00:00:00.000Z")
    assert (len(script.asked), read_log.since) == (PAGES, "2026-11-20T11:08:19.262Z")
    assert script.asked[0].url.params["q"] == 'type:sapi AND date:["2026-11-01T00:00:00.000Z" TO *]'


def test_a_tenant_that_refuses_the_search_is_read_without_one() -> None:
    old, new = entry(date="2026-10-01T00:00:00.000Z"), entry()

    def answer(request: httpx.Request) -> Answer:
        return refusal(400, "no") if "q" in request.url.params else httpx.Response(200, json=[new, old])

    read_log = read(Script(answer), since="2026-11-01T00:00:00.000Z")
    assert [deed.at for deed in read_log.deeds] == ["2026-11-20T11:08:19.262Z"]


def test_a_log_that_may_not_be_read_is_an_error_and_no_empty_log() -> None:
    with pytest.raises(MissingScope):
        read(Script(refusal(403, "Insufficient scope, expected any of: read:logs")))
