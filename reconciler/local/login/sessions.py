"""Sessions: a browser whose user has logged in. Every function takes the connection of a transaction.

Lives follow the platform's defaults for a new tenant: three days in all, one day without use.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from reconciler.local.login.secrecy import kept_form
from reconciler.local.stamp import log_date

SECOND = 1_000_000_000
LIFE = 3 * 86_400 * SECOND
IDLE = 86_400 * SECOND


@dataclass(frozen=True)
class Session:
    """One session. Instants in nanoseconds. `methods` are what `event.authentication.methods` shows."""

    id: str
    user_id: str
    created_at: int
    authenticated_at: int
    updated_at: int
    expires_at: int
    idle_expires_at: int
    device: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[Mapping[str, Any], ...] = ()
    clients: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    cookie_mode: str = "persistent"

    @property
    def ends(self) -> int:
        """When it is over unless it is used before."""
        return min(self.expires_at, self.idle_expires_at)

    def shown(self) -> dict[str, Any]:
        """`event.session`."""
        return {
            "id": self.id,
            "user_id": self.user_id,
            "created_at": log_date(self.created_at),
            "updated_at": log_date(self.updated_at),
            "authenticated_at": log_date(self.authenticated_at),
            "expires_at": log_date(self.expires_at),
            "idle_expires_at": log_date(self.idle_expires_at),
            "last_interacted_at": log_date(self.updated_at),
            "clients": [{"client_id": client} for client in self.clients],
            "cookie": {"mode": self.cookie_mode},
            "device": dict(self.device),
            "metadata": dict(self.metadata),
        }


def new_session(session_id: str, user_id: str, device: Mapping[str, str], now: int) -> Session:
    """A session that begins now with the password as its first factor; not yet kept."""
    seen = {f"{when}_{what}": value for when in ("initial", "last") for what, value in device.items()}
    password = {"name": "pwd", "timestamp": log_date(now)}
    return Session(session_id, user_id, now, now, now, now + LIFE, now + IDLE, seen, (password,))


def used(session: Session, client_id: str, device: Mapping[str, str], now: int) -> Session:
    """The session after a login through it."""
    clients = session.clients if client_id in session.clients else (*session.clients, client_id)
    seen = {**session.device, **{f"last_{what}": value for what, value in device.items()}}
    return replace(session, clients=clients, device=seen, updated_at=now, idle_expires_at=now + IDLE)


def with_effects(session: Session, asked: Mapping[str, Any]) -> Session:
    """The session after what actions set: they only shorten its life, never beyond what it has (catalogue)."""
    idle = min(session.idle_expires_at, instant(asked.get("idle_expires_at"), session.idle_expires_at))
    hard = min(session.expires_at, instant(asked.get("expires_at"), session.expires_at))
    metadata = with_pairs(session.metadata, asked)
    mode = asked.get("cookie_mode") or session.cookie_mode
    return replace(session, idle_expires_at=idle, expires_at=hard, metadata=metadata, cookie_mode=str(mode))


def with_pairs(before: Mapping[str, str], asked: Mapping[str, Any]) -> dict[str, str]:
    """The metadata of a session or a refresh token after what actions set: None takes a pair away, `evicted` all that
    was there before."""
    old = {} if asked.get("evicted") else before
    return {key: value for key, value in {**old, **(asked.get("metadata") or {})}.items() if value is not None}


def keep_session(connection: sqlite3.Connection, session: Session) -> None:
    """Writes the session. A new one has no cookie yet: it gets one when its login came to a good end."""
    body = json.dumps({key: value for key, value in asdict(session).items() if key not in ("id", "user_id")})
    connection.execute(
        "INSERT INTO sessions VALUES (?, ?, ?, ?, sealed(?)) ON CONFLICT (id)"
        " DO UPDATE SET expires_at = excluded.expires_at, body = excluded.body",
        (session.id, f"none for {session.id}", session.user_id, session.ends, body),
    )


def give_cookie(connection: sqlite3.Connection, session_id: str, token: str) -> None:
    """Makes that token the one of the session's cookie."""
    connection.execute("UPDATE sessions SET token = ? WHERE id = ?", (kept_form(token), session_id))


def find_session(connection: sqlite3.Connection, token: str, now: int) -> Session | None:
    """The session of that cookie; None where there is none or it is over."""
    return _found(connection, "token = ?", kept_form(token), now)


def find_session_of(connection: sqlite3.Connection, session_id: str, now: int) -> Session | None:
    return _found(connection, "id = ?", session_id, now)


def end_session(connection: sqlite3.Connection, session_id: str) -> None:
    connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,))


def end_sessions_of(connection: sqlite3.Connection, user_id: str) -> None:
    connection.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))


def _found(connection: sqlite3.Connection, where: str, value: str, now: int) -> Session | None:
    row = connection.execute(
        f"SELECT id, user_id, opened(body) AS body FROM sessions WHERE {where} AND expires_at > ?", (value, now)
    ).fetchone()
    if row is None:
        return None
    body = json.loads(row["body"])
    lists = {"methods": tuple(body["methods"]), "clients": tuple(body["clients"])}
    return Session(**{**body, **lists}, id=row["id"], user_id=row["user_id"])


def instant(milliseconds: Any, otherwise: int) -> int:
    """The instant that an action gave in milliseconds since 1970; `otherwise` where it gave none."""
    return int(milliseconds) * 1_000_000 if isinstance(milliseconds, int | float) else otherwise
