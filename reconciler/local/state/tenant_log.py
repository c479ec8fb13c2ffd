"""The tenant log: what is written into it and how it is read (wire.md, section 6; logs.md)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.means import Means
from reconciler.local.refusal import not_found
from reconciler.local.stamp import log_date, moment
from reconciler.local.state.chosen_fields import chosen_fields
from reconciler.local.state.log_query import parsed_search

PER_PAGE = 50
"""Default of `per_page` and of `take`."""

_OLDEST = f"""'900' || strftime(
  '%Y%m%d%H%M%S', now_ns() / 1000000000 - {limits.TENANT_LOG_DAYS * 86_400}, 'unixepoch')"""
_KEPT = f"log_id >= {_OLDEST}"
"""Which entries the platform would still keep."""

NEWEST_FIRST = "date:-1"
REDACTED = "[REDACTED]"


@dataclass(frozen=True)
class Entry:
    """One entry to be written. `about` holds the fields that say whom it is about; the rest are null.

    Unlike an action, a log entry shows nulls.
    """

    type: str
    description: str
    details: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)


def write_entry(connection: sqlite3.Connection, entry: Entry, means: Means) -> str:
    """Adds the entry; its log id. Ids grow with every entry, also where the clock goes back."""
    now = means.stamps.next()
    (count,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM logs").fetchone()
    last = connection.execute("SELECT MAX(log_id) FROM logs").fetchone()[0] or ""
    stamp = max(f"{moment(now):%Y%m%d%H%M%S%f}", last[3:23])
    log_id = f"900{stamp}000000000000001{223_372_000_000_000_000 + count + 1:018d}"
    connection.execute("INSERT INTO logs (log_id, body) VALUES (?, ?)", (log_id, json.dumps(_body(entry, log_id, now))))
    return log_id


def drop_old_entries(connection: sqlite3.Connection) -> None:
    """Drops the entries that the platform would keep no longer either; nobody is shown them even before."""
    connection.execute(f"DELETE FROM logs WHERE log_id < {_OLDEST}")


def find_entry(connection: sqlite3.Connection, log_id: str) -> dict[str, Any]:
    """The entry of that id. Refusal 404 where there is none (its text was not seen)."""
    row = connection.execute(f"SELECT body FROM logs WHERE log_id = ? AND {_KEPT}", (log_id,)).fetchone()
    if row is None:
        raise not_found("The log event does not exist.")
    entry: dict[str, Any] = json.loads(row[0])
    return entry


def list_entries(connection: sqlite3.Connection, query: Mapping[str, Any]) -> Any:
    """What `GET /logs` answers: in page mode newest first; with `from`, checkpoint mode: oldest first, after that id,
    and every other parameter is ignored [documented].

    A bare list, or with `include_totals` an object {start, limit, length, total, logs}. All pages of a search reach
    1000 entries; what is answered beyond was not seen: here nothing more, so that whoever pages comes to an end.
    """
    if "from" in query or "take" in query:
        return _newer(connection, query.get("from", ""), query.get("take", PER_PAGE) or PER_PAGE)
    per_page = query.get("per_page", PER_PAGE) or PER_PAGE
    start = query.get("page", 0) * per_page
    found, total = _found(connection, query, start, min(start + per_page, limits.LOG_RESULTS))
    logs = [chosen_fields(entry, query) for entry in found]
    if not query.get("include_totals"):
        return logs
    return {"start": start, "limit": per_page, "length": len(logs), "total": total, "logs": logs}


def redacted(body: Any) -> Any:
    """The body of a request without secret values: of each secret only its name stays."""
    if isinstance(body, Mapping):
        return {key: _redacted_secrets(value) if key == "secrets" else redacted(value) for key, value in body.items()}
    if isinstance(body, list):
        return [redacted(item) for item in body]
    return body


def _redacted_secrets(secrets: Any) -> Any:
    if isinstance(secrets, Mapping):
        return dict.fromkeys(secrets, REDACTED)
    if isinstance(secrets, list):
        return [
            {key: value if key == "name" else REDACTED for key, value in secret.items()}
            if isinstance(secret, Mapping)
            else REDACTED
            for secret in secrets
        ]
    return REDACTED


def _body(entry: Entry, log_id: str, now: int) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(_FIELDS)
    nothing |= {"_id": log_id, "log_id": log_id, "date": log_date(now), "type": entry.type, "isMobile": False}
    return {**nothing, "description": entry.description, "details": entry.details, **entry.about}


_FIELDS = (
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
)


def _newer(connection: sqlite3.Connection, log_id: str, take: int) -> list[dict[str, Any]]:
    rows = connection.execute(
        f"SELECT body FROM logs WHERE log_id > ? AND {_KEPT} ORDER BY log_id LIMIT ?", (log_id, take)
    )
    return [json.loads(row[0]) for row in rows]


def _found(
    connection: sqlite3.Connection, query: Mapping[str, Any], start: int, end: int
) -> tuple[list[dict[str, Any]], int]:
    """The entries from `start` to `end` of those that the search finds, and how many a pager can reach."""
    searches = [parsed_search(query.get(name, "")) for name in ("q", "search")]
    field, _, direction = (query.get("sort") or NEWEST_FIRST).partition(":")
    order = "ASC" if direction == "1" and field == "date" else "DESC"
    rows = connection.execute(f"SELECT body FROM logs WHERE {_KEPT} ORDER BY log_id {order}")
    entries = (json.loads(row[0]) for row in rows)
    found: Iterator[dict[str, Any]] = (entry for entry in entries if all(matches(entry) for matches in searches))
    if field != "date":
        found = iter(sorted(found, key=lambda entry: str(entry.get(field)), reverse=direction == "-1"))
    reachable = list(islice(found, limits.LOG_RESULTS if query.get("include_totals") else end))
    return reachable[start:end], len(reachable)
