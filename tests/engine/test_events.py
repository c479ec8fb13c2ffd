"""Whether an event has the documented shape."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.engine.events import misshapen, problems, unknown
from reconciler.engine.overlay import laid_over

LOGIN = triggers()["post-login"]


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        ({"usr": {}}, "usr is not documented."),
        ({"request": {"mood": "good"}}, "request.mood is not documented."),
        ({"user": {"department": "sales"}}, None),
        ({"user": {"email": 7}}, "user.email must be string."),
        ({"stats": {"logins_count": True}}, "stats.logins_count must be number."),
        ({"user": None}, "user is missing."),
        ({"tenant": {"id": None}}, "tenant.id is missing."),
        ({"organization": None}, None),
        ({"transaction": {"requested_scopes": "openid"}}, "transaction.requested_scopes must be string[]."),
        (
            {"transaction": {"response_type": ["bread"]}},
            "transaction.response_type must hold only code, token, id_token.",
        ),
        ({"session": {"cookie": {"mode": "soft"}}}, "session.cookie.mode must be one of persistent, non-persistent."),
        ({"authentication": {"methods": [{"timestamp": "x"}]}}, "authentication.methods[].name is missing."),
    ],
)
def test_what_does_not_fit_is_named(overlay: dict[str, Any], problem: str | None) -> None:
    found = problems(LOGIN.event, laid_over(LOGIN.sample_event, overlay))
    assert found == ((problem,) if problem else ())


@pytest.mark.parametrize(
    ("overlay", "wrong"),
    [
        ({"transaction": 5}, ("transaction must be object.",)),
        ({"authentication": {"methods": ["pwd"]}}, ("authentication.methods must be object[].",)),
        ({"transaction": {"requested_scopes": "openid"}}, ("transaction.requested_scopes must be string[].",)),
        ({"user": {"email": 7, "app_metadata": []}}, ("user.app_metadata must be object.",)),
        ({"user": {"app_metadata": None}, "transaction": None}, ()),
    ],
)
def test_an_object_that_is_none_is_found(overlay: dict[str, Any], wrong: tuple[str, ...]) -> None:
    assert misshapen(LOGIN.event, laid_over(LOGIN.sample_event, overlay)) == wrong


def test_misspelt_properties_of_an_overlay_are_found() -> None:
    overlay = {"usr": {"email": "a"}, "request": {"querry": {}}, "user": {"own": 1}, "secrets": {}}
    assert unknown(LOGIN.event, overlay) == ("usr", "request.querry")
