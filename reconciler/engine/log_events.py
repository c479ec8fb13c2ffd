"""The event that an entry of a tenant's log tells of.

An entry is no event: it names the user, the client, the connection and where the request came from, and nothing of
what the platform knew of them (roles, metadata, identities, where the address is). Fields are those of logs.md,
sections 2 to 4: as the Management API gives them, and as log streams send them ({log_id, data}).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from reconciler.catalogue.triggers import TriggerFacts

Entry = Mapping[str, Any]

_PROTOCOLS = {"sertft": "oauth2-refresh-token", "fertft": "oauth2-refresh-token", "sepft": "oauth2-password"}
_GEOIP = {
    "country_code": "countryCode",
    "country_code3": "countryCode3",
    "country_name": "countryName",
    "city_name": "cityName",
    "latitude": "latitude",
    "longitude": "longitude",
    "time_zone": "timeZone",
    "continent_code": "continentCode",
}


class NoEntry(ValueError):
    """The value is no entry of a tenant's log; says what it is."""


class LogEvent(NamedTuple):
    """What an entry tells: an overlay of the trigger's sample event, and when it happened."""

    overlay: Mapping[str, Any]
    now: datetime | None


def log_event(saved: Any, facts: TriggerFacts) -> LogEvent:
    """What a saved entry tells an action of that trigger. Raises NoEntry for anything else, and for an entry of another
    trigger."""
    entry = _entry(saved)
    trigger = _text(entry, "trigger_id") or _text(entry, "details", "trigger_id")
    if trigger and trigger != facts.id:
        raise NoEntry(f"it tells of {trigger}, and this is a case of {facts.id}")
    overlay: dict[str, Any] = {}
    for path, value in _told(entry):
        if _path(path) in facts.event:
            _put(overlay, path, value)
    is_record = "results" in entry
    if "organization" in facts.event and "organization" not in overlay and not is_record:
        overlay["organization"] = None
    return LogEvent(overlay, _moment(_text(entry, "date") or _text(entry, "created_at")))


def _entry(saved: Any) -> Entry:
    """The one entry that is in what was saved."""
    if isinstance(saved, Mapping) and isinstance(saved.get("logs"), list):
        saved = saved["logs"]
    if isinstance(saved, list):
        if len(saved) != 1:
            raise NoEntry(f"it holds {len(saved)} entries: keep the one that the case is of")
        saved = saved[0]
    if isinstance(saved, Mapping) and isinstance(saved.get("data"), Mapping):
        saved = saved["data"]
    if not isinstance(saved, Mapping):
        raise NoEntry("it is no mapping")
    if not isinstance(saved.get("type"), str) and not isinstance(saved.get("results"), list):
        raise NoEntry("it has neither the `type` of an entry of the log nor the `results` of an execution")
    return saved


def _told(entry: Entry) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The path below event of all that the entry may tell, and the value, where there is one."""
    for source, path in _TEXTS:
        value = _text(entry, *source)
        if value:
            yield path, value
    yield from _user(entry)
    yield from _scopes(entry)
    for name, value in _mapping(entry, "location_info").items():
        if name in _GEOIP and value is not None:
            yield ("request", "geoip", _GEOIP[name]), value
    for name, value in _mapping(entry, "details", "riskAssessment").items():
        yield ("authentication", "riskAssessment", name), value
    count = _logins(entry)
    if count is not None:
        yield ("stats", "logins_count"), count
    if entry.get("type") in _PROTOCOLS:
        yield ("transaction", "protocol"), _PROTOCOLS[entry["type"]]


def _user(entry: Entry) -> Iterator[tuple[tuple[str, ...], Any]]:
    """`user_name` is the address, or the name of a user who has none."""
    name = _text(entry, "user_name")
    if name:
        yield ("user", "email" if "@" in name else "username"), name


def _scopes(entry: Entry) -> Iterator[tuple[tuple[str, ...], Any]]:
    given = entry.get("scope")
    scopes = given.split() if isinstance(given, str) else given
    if isinstance(scopes, list) and scopes and all(isinstance(each, str) for each in scopes):
        yield ("transaction", "requested_scopes"), list(scopes)
        yield ("request", "query", "scope"), " ".join(scopes)


def _logins(entry: Entry) -> int | None:
    prompts = _mapping(entry, "details").get("prompts")
    places = [_mapping(entry, "details", "stats")]
    places += [_mapping(each, "stats") for each in (prompts if isinstance(prompts, list) else ())]
    counts = (place.get("loginsCount") for place in places)
    return next((count for count in counts if isinstance(count, int) and not isinstance(count, bool)), None)


def _text(entry: Any, *path: str) -> str:
    value = _mapping(entry, *path[:-1]).get(path[-1])
    return value if isinstance(value, str) else ""


def _mapping(value: Any, *path: str) -> Entry:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _path(path: tuple[str, ...]) -> str:
    """As the catalogue names it: the parameters of a query are not in it one by one."""
    return ".".join(path[:2]) if path[:2] == ("request", "query") else ".".join(path)


def _put(overlay: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        overlay = overlay.setdefault(key, {})
    overlay[path[-1]] = value


def _moment(text: str) -> datetime | None:
    """An instant as the log writes it; executions write nanoseconds, which are cut to what a clock here can show."""
    whole, dot, rest = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.fromisoformat(f"{whole}{dot}{rest[:6]}")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_TEXTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("user_id",), ("user", "user_id")),
    (("client_id",), ("client", "client_id")),
    (("client_name",), ("client", "name")),
    (("connection",), ("connection", "name")),
    (("connection_id",), ("connection", "id")),
    (("strategy",), ("connection", "strategy")),
    (("organization_id",), ("organization", "id")),
    (("organization_name",), ("organization", "name")),
    (("ip",), ("request", "ip")),
    (("hostname",), ("request", "hostname")),
    (("user_agent",), ("request", "user_agent")),
    (("client_id",), ("request", "query", "client_id")),
    (("audience",), ("request", "query", "audience")),
    (("audience",), ("resource_server", "identifier")),
    (("tenant_name",), ("tenant", "id")),
    (("security_context", "ja3"), ("security_context", "ja3")),
    (("security_context", "ja4"), ("security_context", "ja4")),
    (("references", "correlation_id"), ("transaction", "correlation_id")),
    (("details", "transaction_id"), ("transaction", "id")),
    (("details", "session_id"), ("session", "id")),
)
"""Where an entry has a text, and where the event has it."""
