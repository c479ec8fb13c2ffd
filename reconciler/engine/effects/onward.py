"""The event that the next action sees, and the event after the user came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.engine.effects.ending import FORM
from reconciler.engine.effects.folding import FACTORS
from reconciler.engine.overlay import laid_over
from reconciler.model.effects import Effects
from reconciler.model.execution import Call

RECORD = "authentication.recordMethod"
_KEPT_OF_REQUEST = ("asn", "geoip", "hostname", "ip", "language", "user_agent")


def next_event(event: Mapping[str, Any], effects: Effects, calls: Sequence[Call], now: str) -> dict[str, Any]:
    """The event of the next action, after the calls of one and the effects up to and with them; `now` is an instant
    as events write it.

    User metadata and the metadata of the transaction are as the actions left them, a method that was recorded is among
    the methods ("only updated when an Action begins"), and the target scopes of a client credentials exchange follow.
    """
    seen = dict(event)
    if isinstance(event.get("user"), Mapping):
        user = dict(event["user"])
        for name in ("user_metadata", "app_metadata"):
            user[name] = _laid(user.get(name) or {}, getattr(effects, name))
        seen["user"] = user
    if effects.transaction_metadata:
        seen = _with(
            seen,
            "transaction",
            "metadata",
            _laid(_below(seen, "transaction", "metadata"), effects.transaction_metadata),
        )
    if effects.scopes is not None and "accessToken" in seen:
        seen = _with(seen, "transaction", "target_scopes", list(effects.scopes))
    recorded = [{"name": call.args[0], "timestamp": now} for call in calls if call.method == RECORD]
    return _with_methods(seen, recorded)


def event_on_return(
    event: Mapping[str, Any], waited: Call, state: str, overlay: Mapping[str, Any], now: str
) -> dict[str, Any]:
    """The event with which a flow goes on after the user did what it waited for; `overlay` is laid over it.

    `request` is made anew ("a fresh object after each suspend and resume"): the caller's, with the state as its only
    parameter. After a form `prompt` names it, and after a factor `mfa` is among the methods with the factor that was
    asked for first.
    """
    before = event.get("request") or {}
    kept = {key: before[key] for key in _KEPT_OF_REQUEST if key in before}
    fresh: dict[str, Any] = {**event, "request": {**kept, "method": "GET", "query": {"state": state}, "body": {}}}
    fresh.pop("prompt", None)
    if waited.method == FORM:
        options = waited.args[1] if len(waited.args) > 1 else {}
        given = options if isinstance(options, Mapping) else {}
        fresh["prompt"] = {"id": waited.args[0], "fields": given.get("fields") or {}, "vars": given.get("vars") or {}}
    if waited.method in FACTORS:
        fresh = _with_methods(fresh, [{"name": "mfa", "timestamp": now, "type": _factor(waited)}])
    return laid_over(fresh, overlay)


def _factor(call: Call) -> str:
    asked = call.args[0] if call.args else {}
    first = asked[0] if isinstance(asked, list | tuple) and asked else asked
    return str(first.get("type", "")) if isinstance(first, Mapping) else ""


def _laid(before: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Top-level keys replace; None removes."""
    return {key: value for key, value in {**before, **written}.items() if not (key in written and value is None)}


def _below(event: Mapping[str, Any], group: str, key: str) -> Mapping[str, Any]:
    found = (event.get(group) or {}).get(key)
    return found if isinstance(found, Mapping) else {}


def _with(event: Mapping[str, Any], group: str, key: str, value: Any) -> dict[str, Any]:
    return {**event, group: {**(event.get(group) or {}), key: value}}


def _with_methods(event: Mapping[str, Any], added: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if not added:
        return dict(event)
    known = (event.get("authentication") or {}).get("methods") or []
    return _with(event, "authentication", "methods", [*known, *added])
