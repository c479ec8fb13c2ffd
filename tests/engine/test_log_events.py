"""What an entry of a tenant's log tells of the event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.engine.events import misshapen, unknown
from reconciler.engine.log_events import NoEntry, log_event
from reconciler.engine.overlay import laid_over

LOGIN = triggers()["post-login"]
ENTRY: dict[str, Any] = {
    "_id": "900", "log_id": "900", "date": "2026-11-22T08:01:12.318Z", "type": "s", "description": "Successful login",
    "tenant_name": "acme-dev", "hostname": "login.acme.example", "ip": "198.51.100.7", "user_agent": "Firefox 140",
    "client_id": "c1", "client_name": "Shop", "connection": "Users", "connection_id": "con_1", "strategy": "auth0",
    "user_id": "auth0|7", "user_name": "ada@example.com", "organization_id": "org_1", "organization_name": "north",
    "audience": "https://api.example.com", "scope": "openid email", "isMobile": None,
    "location_info": {"country_code": "SE", "city_name": "Lund", "latitude": 55.7, "other": 1},
    "security_context": {"ja3": "a", "ja4": "b"}, "references": {"correlation_id": "order-1"},
    "details": {"session_id": "ses_1", "transaction_id": "tx_1", "riskAssessment": {"confidence": "low"},
                "prompts": [{"name": "login"}, {"name": "prompt-authenticate", "stats": {"loginsCount": 17}}]},
}  # fmt: skip


def test_an_entry_of_a_login_tells_who_came_from_where() -> None:
    told = log_event(ENTRY, LOGIN)
    assert told.now == datetime(2026, 11, 22, 8, 1, 12, 318000, UTC)
    assert told.overlay == {
        "user": {"user_id": "auth0|7", "email": "ada@example.com"},
        "client": {"client_id": "c1", "name": "Shop"},
        "connection": {"name": "Users", "id": "con_1", "strategy": "auth0"},
        "organization": {"id": "org_1", "name": "north"},
        "request": {
            "ip": "198.51.100.7",
            "hostname": "login.acme.example",
            "user_agent": "Firefox 140",
            "query": {"client_id": "c1", "audience": "https://api.example.com", "scope": "openid email"},
            "geoip": {"countryCode": "SE", "cityName": "Lund", "latitude": 55.7},
        },
        "resource_server": {"identifier": "https://api.example.com"},
        "tenant": {"id": "acme-dev"},
        "security_context": {"ja3": "a", "ja4": "b"},
        "transaction": {"correlation_id": "order-1", "id": "tx_1", "requested_scopes": ["openid", "email"]},
        "session": {"id": "ses_1"},
        "authentication": {"riskAssessment": {"confidence": "low"}},
        "stats": {"logins_count": 17},
    }


@pytest.mark.parametrize("trigger", [name for name, facts in triggers().items() if facts.documented])
def test_an_entry_tells_a_trigger_only_what_its_event_has(trigger: str) -> None:
    facts = triggers()[trigger]
    told = log_event(ENTRY, facts)
    assert unknown(facts.event, told.overlay) == ()
    assert misshapen(facts.event, laid_over(facts.sample_event, told.overlay)) == ()


@pytest.mark.parametrize(
    "saved",
    [ENTRY, [ENTRY], {"logs": [ENTRY]}, {"start": 0, "logs": [ENTRY]}, {"log_id": "900", "data": ENTRY}],
)
def test_an_entry_may_be_saved_as_any_interface_gives_it(saved: Any) -> None:
    assert log_event(saved, LOGIN) == log_event(ENTRY, LOGIN)


def test_a_login_without_an_organization_has_none_in_its_event() -> None:
    told = log_event({**ENTRY, "organization_id": None, "organization_name": None}, LOGIN)
    assert "organization" not in laid_over(LOGIN.sample_event, told.overlay)


def test_a_user_without_an_address_is_known_by_name() -> None:
    assert log_event({"type": "s", "user_name": "ada"}, LOGIN).overlay["user"] == {"username": "ada"}


def test_what_is_null_or_of_another_type_is_not_told() -> None:
    entry: dict[str, Any] = {"type": "s", "ip": None, "hostname": 5, "details": [], "scope": {}, "date": "yesterday"}
    told = log_event(entry, LOGIN)
    assert (told.overlay, told.now) == ({"organization": None}, None)


def test_the_record_of_an_execution_tells_when_it_ran() -> None:
    record = {"id": "x", "trigger_id": "post-login", "results": [], "created_at": "2026-11-22T08:01:12.020311245Z"}
    told = log_event(record, LOGIN)
    assert (told.overlay, told.now) == ({}, datetime(2026, 11, 22, 8, 1, 12, 20311, UTC))


def test_a_refresh_token_exchange_is_known_by_its_code() -> None:
    assert log_event({"type": "sertft"}, LOGIN).overlay["transaction"] == {"protocol": "oauth2-refresh-token"}


@pytest.mark.parametrize(
    "saved",
    [
        [], [ENTRY, ENTRY], "s", None, 5, {}, {"user": {}}, {"logs": []},
        {"type": "actions_execution_failed", "details": {"trigger_id": "credentials-exchange"}},
    ],
)  # fmt: skip
def test_anything_else_is_no_entry(saved: Any) -> None:
    with pytest.raises(NoEntry):
        log_event(saved, LOGIN)
