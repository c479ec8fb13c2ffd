"""The tenant log: what is written into it and how it is read (wire.md, section 6; logs.md)."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from reconciler.local.means import Means
from reconciler.local.refusal import Refusal, not_found
from reconciler.local.stamp import log_date, moment

PER_PAGE = 50
"""Default of `per_page` and of `take`."""

KEPT_DAYS = 30
"""limits.md, section 6: the longest that a plan offers."""

REDACTED = "[REDACTED]"

_TERM = re.compile(r'(?P<field>[A-Za-z_.]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"()*?]+))')


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


def drop_old_entries(connection: sqlite3.Connection, means: Means) -> None:
    """Drops the entries that the platform would keep no longer either."""
    oldest = moment(means.stamps.next()) - timedelta(days=KEPT_DAYS)
    connection.execute("DELETE FROM logs WHERE log_id < ?", (f"900{oldest:%Y%m%d%H%M%S}",))


def find_entry(connection: sqlite3.Connection, log_id: str) -> dict[str, Any]:
    """The entry of that id. Refusal 404 where there is none (its text was not seen)."""
    row = connection.execute("SELECT body FROM logs WHERE log_id = ?", (log_id,)).fetchone()
    if row is None:
        raise not_found("The log event does not exist.")
    entry: dict[str, Any] = json.loads(row[0])
    return entry


def list_entries(connection: sqlite3.Connection, query: Mapping[str, Any]) -> Any:
    """What `GET /logs` answers: in page mode newest first; with `from`, checkpoint mode: oldest first, after that id.

    A bare list, or with `include_totals` an object {start, limit, length, total, logs}.
    """
    if "from" in query or "take" in query:
        found = _newer(connection, query.get("from", ""), query.get("take", PER_PAGE) or PER_PAGE)
        return [_chosen_fields(entry, query) for entry in found]
    where, values = _conditions(query.get("q") or query.get("search") or "")
    page, per_page = query.get("page", 0), query.get("per_page", PER_PAGE) or PER_PAGE
    rows = connection.execute(
        f"SELECT body FROM logs {where} ORDER BY {_order(query.get('sort', ''))} LIMIT ? OFFSET ?",
        (*values, per_page, page * per_page),
    )
    logs = [_chosen_fields(json.loads(row[0]), query) for row in rows]
    if not query.get("include_totals"):
        return logs
    (total,) = connection.execute(f"SELECT COUNT(*) FROM logs {where}", values).fetchone()
    return {"start": page * per_page, "limit": per_page, "length": len(logs), "total": total, "logs": logs}


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
    rows = connection.execute("SELECT body FROM logs WHERE log_id > ? ORDER BY log_id LIMIT ?", (log_id, take))
    return [json.loads(row[0]) for row in rows]


def _conditions(search: str) -> tuple[str, tuple[str, ...]]:
    """SQL for `field:value` terms joined by AND: of the platform's Lucene syntax as much as `reconciler logs` needs.

    Refusal 400 for more.
    """
    if not search.strip():
        return "", ()
    matches = [_TERM.fullmatch(term.strip()) for term in search.split(" AND ")]
    if None in matches:
        raise Refusal(
            400, "The embedded tenant searches logs by field:value terms joined by AND only.", "invalid_query"
        )
    terms = [(match["field"], match["quoted"] or match["bare"] or "") for match in matches if match]
    where = " AND ".join("json_extract(body, ?) = ?" for _ in terms)
    return f"WHERE {where}", tuple(value for name, text in terms for value in (f"$.{name}", text))


def _order(sort: str) -> str:
    return "log_id ASC" if sort == "date:1" else "log_id DESC"


def _chosen_fields(entry: dict[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    if not query.get("fields"):
        return entry
    named = {name.strip() for name in query["fields"].split(",")}
    include = query.get("include_fields", True)
    return {key: value for key, value in entry.items() if (key in named) == include}
