"""Authorization codes and refresh tokens. Every function takes the connection of a transaction.

A grant is one login of a user at an application: its code and every token that came of it. Where a code or a refresh
token is used a second time, the whole grant is revoked: one of the two users stole it (RFC 6749 4.1.2, RFC 9700 4.14).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from reconciler.local.login.secrecy import kept_form
from reconciler.local.login.sessions import SECOND

CODE_LIFE = 600 * SECOND
"""RFC 6749, section 4.1.2 recommends ten minutes at most."""

REFRESH_LIFE = 30 * 86_400 * SECOND
REFRESH_IDLE = 15 * 86_400 * SECOND
"""The platform's defaults for refresh tokens that expire: 30 days in all, 15 days without use."""


@dataclass(frozen=True)
class Code:
    """What a code stands for; claims and scopes are those that the actions of the login decided.

    The getters are what Authlib's grant asks of a code.
    """

    grant_id: str
    client_id: str
    user_id: str
    session_id: str
    redirect_uri: str
    scope: str
    audience: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    auth_time: int = 0
    id_claims: Mapping[str, Any] = field(default_factory=dict)
    access_claims: Mapping[str, Any] = field(default_factory=dict)

    def check_client(self, client: Any) -> bool:
        return bool(client.get_client_id() == self.client_id)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(frozen=True)
class Refresh:
    """What a refresh token stands for. The getters are what Authlib's grant asks of a token."""

    id: str
    grant_id: str
    client_id: str
    user_id: str
    session_id: str
    scope: str
    created_at: int
    last_exchanged_at: int
    expires_at: int
    idle_expires_at: int
    audience: str = ""
    device: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[Mapping[str, Any], ...] = ()

    def get_scope(self) -> str:
        return self.scope

    def check_client(self, client: Any) -> bool:
        return bool(client.get_client_id() == self.client_id)


def new_grant(
    connection: sqlite3.Connection, grant_id: str, client_id: str, user_id: str, session_id: str, now: int
) -> None:
    """Begins a grant; those that are over go, with their codes and tokens."""
    connection.execute("DELETE FROM grants WHERE expires_at <= ?", (now,))
    connection.execute(
        "INSERT INTO grants VALUES (?, ?, ?, ?, 0, ?)", (grant_id, client_id, user_id, session_id, now + REFRESH_LIFE)
    )


def keep_code(connection: sqlite3.Connection, code: str, about: Code, now: int) -> None:
    """Keeps what a code stands for, sealed: an action may have put a secret into a claim."""
    row = (kept_form(code), about.grant_id, now + CODE_LIFE, json.dumps(asdict(about)))
    connection.execute("INSERT INTO codes VALUES (?, ?, 0, ?, sealed(?))", row)


def keep_refresh(connection: sqlite3.Connection, token: str, about: Refresh) -> None:
    ends = min(about.expires_at, about.idle_expires_at)
    row = (kept_form(token), about.grant_id, ends, json.dumps(asdict(about)))
    connection.execute("INSERT INTO refresh_tokens VALUES (?, ?, 0, ?, sealed(?))", row)


def find_code(connection: sqlite3.Connection, code: str, now: int) -> Code | None:
    """What an unused code stands for; a used one revokes its grant."""
    body = _unused(connection, "codes", code, now)
    return Code(**json.loads(body)) if body else None


def find_refresh(connection: sqlite3.Connection, token: str, now: int) -> Refresh | None:
    """What an unused refresh token stands for; a used one revokes its grant."""
    body = _unused(connection, "refresh_tokens", token, now)
    if not body:
        return None
    about = json.loads(body)
    return Refresh(**{**about, "methods": tuple(about["methods"])})


def mark_code(connection: sqlite3.Connection, code: str) -> None:
    connection.execute("UPDATE codes SET used = 1 WHERE token = ?", (kept_form(code),))


def mark_refresh(connection: sqlite3.Connection, token: str, *, used: bool = True) -> None:
    connection.execute("UPDATE refresh_tokens SET used = ? WHERE token = ?", (used, kept_form(token)))


def revoke_grant(connection: sqlite3.Connection, grant_id: str) -> None:
    connection.execute("UPDATE grants SET revoked = 1 WHERE id = ?", (grant_id,))


def revoke_refresh(connection: sqlite3.Connection, token: str, client_id: str) -> None:
    """Revokes the grant of a refresh token of that application; nothing where there is no such token (RFC 7009)."""
    connection.execute(
        "UPDATE grants SET revoked = 1 WHERE client_id = ? AND id ="
        " (SELECT grant_id FROM refresh_tokens WHERE token = ?)",
        (client_id, kept_form(token)),
    )


def revoke_session_grants(connection: sqlite3.Connection, session_id: str) -> None:
    connection.execute("UPDATE grants SET revoked = 1 WHERE session_id = ?", (session_id,))


def is_granted(connection: sqlite3.Connection, grant_id: str) -> bool:
    """Whether the grant is there and was not revoked."""
    return connection.execute("SELECT 1 FROM grants WHERE id = ? AND NOT revoked", (grant_id,)).fetchone() is not None


def is_first_use(connection: sqlite3.Connection, jti: str, expires_at: int, now: int) -> bool:
    """Whether a client assertion of that id is seen for the first time; it is remembered until it ends."""
    connection.execute("DELETE FROM assertions WHERE expires_at <= ?", (now,))
    row = (kept_form(jti), expires_at)
    return connection.execute("INSERT OR IGNORE INTO assertions VALUES (?, ?)", row).rowcount == 1


def drop_what_is_over(connection: sqlite3.Connection, now: int) -> None:
    """Takes out everything whose time is over; codes and refresh tokens go with their grant."""
    for table in ("sessions", "transactions", "grants", "assertions"):
        connection.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (now,))


def _unused(connection: sqlite3.Connection, table: str, token: str, now: int) -> str:
    row = connection.execute(
        f"SELECT grant_id, used, opened(body) AS body, grants.revoked FROM {table}"
        f" JOIN grants ON grants.id = {table}.grant_id WHERE token = ? AND {table}.expires_at > ?",
        (kept_form(token), now),
    ).fetchone()
    if row is None or row["revoked"]:
        return ""
    if row["used"]:
        revoke_grant(connection, row["grant_id"])
        return ""
    return str(row["body"])
