"""What the actions of a flow asked for, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reconciler.model.effects import Effects, Suspension

_GROUPS = (
    ("id token", "id_token"),
    ("access token", "access_token"),
    ("user metadata", "user_metadata"),
    ("app metadata", "app_metadata"),
    ("transaction", "transaction_metadata"),
    ("session", "session"),
    ("refresh token", "refresh_token"),
    ("saml response", "saml"),
    ("user", "user"),
    ("actor", "actor"),
)
_OF_TOKENS = ("id token", "access token", "scopes", "saml response", "dropped")
_SINGLE = (
    ("primary user", "primary_user"),
    ("organization", "organization"),
    ("result page", "result_url"),
)


def effect_lines(effects: Effects, *, tokens: bool) -> tuple[tuple[str, str], ...]:
    """(what it is about, what is asked for), one line each; nothing for what nobody asked for. What is about tokens is
    left out where the flow gives none."""
    return tuple(line for line in _lines(effects) if tokens or line[0] not in _OF_TOKENS)


def suspension_lines(suspension: Suspension, again: str) -> tuple[tuple[str, str], ...]:
    """Where the user was sent, and the command that goes on, given up to its state, where there is one."""
    if suspension.url:
        where = f"{suspension.action} sent the user to {suspension.url}"
    else:
        where = f"{suspension.action} waits for {suspension.method}({', '.join(map(_shown, suspension.args))})"
    return (("waits", where), *((("go on", f"{again} {suspension.state}"),) if again else ()))


def _lines(effects: Effects) -> Iterator[tuple[str, str]]:
    for label, field in _GROUPS:
        for key, value in getattr(effects, field).items():
            yield label, f"remove {key}" if value is None and field.endswith("metadata") else f"{key} = {_shown(value)}"
    for name in effects.dropped:
        yield "dropped", f"claim {name}: the platform keeps that name for itself"
    if effects.scopes is not None:
        yield "scopes", " ".join(effects.scopes) or "none"
    for label, field in _SINGLE:
        if getattr(effects, field):
            yield label, str(getattr(effects, field))
    for url in effects.methods:
        yield "method", url
    if effects.multifactor:
        yield "multifactor", str(effects.multifactor.get("provider", ""))
    if effects.notification:
        yield "notification", f"{effects.notification}: {effects.notification_reason}"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
