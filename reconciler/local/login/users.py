"""The users of the embedded tenant. Every function takes the connection of a transaction."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from reconciler.local.login.secrecy import NOBODYS, fingerprint, hashed_password, is_password
from reconciler.local.means import Means
from reconciler.local.registered import LoginUser, Registered
from reconciler.local.stamp import log_date

CONNECTION = {"id": "con_EmbeddedUsers001", "name": "Username-Password-Authentication", "strategy": "auth0"}
"""The one connection of the tenant: a database of its own, named as every new tenant of the platform names it."""

_SELECT = "SELECT user_id, email, password, opened(body) AS body FROM users"


@dataclass(frozen=True)
class User:
    """One user. Dates are texts as the platform prints them; `identities` are the ids of linked accounts too."""

    user_id: str
    email: str
    name: str
    created_at: str
    updated_at: str
    email_verified: bool = False
    blocked: bool = False
    roles: tuple[str, ...] = ()
    user_metadata: Mapping[str, Any] = field(default_factory=dict)
    app_metadata: Mapping[str, Any] = field(default_factory=dict)
    logins_count: int = 0
    last_login: str = ""
    last_password_reset: str = ""
    password: str = field(default="", repr=False)

    @property
    def nickname(self) -> str:
        return self.email.partition("@")[0]

    def profile(self) -> dict[str, Any]:
        """`event.user` without the secrets of it; user_metadata and app_metadata are always there."""
        shown: dict[str, Any] = {
            "user_id": self.user_id,
            "email": self.email,
            "email_verified": self.email_verified,
            "name": self.name,
            "nickname": self.nickname,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "app_metadata": dict(self.app_metadata),
            "user_metadata": dict(self.user_metadata),
            "identities": [
                {
                    "connection": CONNECTION["name"],
                    "provider": self.user_id.partition("|")[0],
                    "user_id": self.user_id.partition("|")[2],
                    "isSocial": False,
                }
            ],
            "enrolledFactors": [],
        }
        return shown | ({"last_password_reset": self.last_password_reset} if self.last_password_reset else {})


def find_user(connection: sqlite3.Connection, user_id: str) -> User | None:
    row = connection.execute(f"{_SELECT} WHERE user_id = ?", (user_id,)).fetchone()
    return _user(row) if row else None


def find_user_of(connection: sqlite3.Connection, email: str) -> User | None:
    """The user with that email, in capitals or not."""
    row = connection.execute(f"{_SELECT} WHERE email = ?", (email.strip(),)).fetchone()
    return _user(row) if row else None


def user_with_password(connection: sqlite3.Connection, email: str, password: str) -> User | None:
    """The user with that email and password, blocked or not. That there is no such user takes as long to find out as
    that the password is wrong."""
    user = find_user_of(connection, email)
    right = is_password(password, user.password if user else NOBODYS)
    return user if right else None


def count_users(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT COUNT(*) FROM users").fetchone()
    return int(count)


def new_user(email: str, password: str, means: Means, *, name: str = "", user_id: str = "") -> User:
    """A user who signs up now; not yet kept. Hashing the password takes its time: not for the event loop."""
    now = log_date(means.stamps.next())
    return User(
        user_id=user_id or f"auth0|{means.entropy(12).hex()}",
        email=email.strip(),
        name=name or email.strip(),
        created_at=now,
        updated_at=now,
        password=hashed_password(password, means.entropy(16)),
    )


def keep_user(connection: sqlite3.Connection, user: User, declared: str | None = None) -> None:
    """Writes the user; `declared` is the fingerprint of its declaration in the tenant file, empty for a sign-up."""
    body = {name: value for name, value in asdict(user).items() if name not in ("user_id", "email", "password")}
    connection.execute(
        "INSERT INTO users VALUES (:user_id, :email, :password, COALESCE(:declared, ''), sealed(:body))"
        " ON CONFLICT (user_id) DO UPDATE SET email = :email, password = :password,"
        " declared = COALESCE(:declared, declared), body = excluded.body",
        {
            "user_id": user.user_id,
            "email": user.email,
            "password": user.password,
            "declared": declared,
            "body": json.dumps(body),
        },
    )


def count_login(connection: sqlite3.Connection, user: User, now: int) -> User:
    """The user with one login more, kept: the count that actions see has the present one in it."""
    known = find_user(connection, user.user_id) or user
    counted = replace(known, logins_count=known.logins_count + 1, last_login=log_date(now))
    keep_user(connection, counted)
    return counted


def write_metadata(
    connection: sqlite3.Connection, user: User, user_metadata: Mapping[str, Any], app_metadata: Mapping[str, Any]
) -> User:
    """The user after what the actions of a flow wrote, kept; what another login wrote meanwhile stays."""
    known = find_user(connection, user.user_id) or user
    changed = with_metadata(known, user_metadata, app_metadata)
    if changed != known:
        keep_user(connection, changed)
    return changed


def with_metadata(user: User, user_metadata: Mapping[str, Any], app_metadata: Mapping[str, Any]) -> User:
    """The user after what actions wrote: key by key, None takes a key away (catalogue: setUserMetadata)."""
    return replace(
        user,
        user_metadata=_merged(user.user_metadata, user_metadata),
        app_metadata=_merged(user.app_metadata, app_metadata),
    )


def declare_users(connection: sqlite3.Connection, registered: Registered, means: Means) -> None:
    """Makes the users of the tenant file be those of the file.

    A declaration that did not change since leaves alone what actions wrote; a changed one is laid over it. Users who
    left the file are deleted; those who signed up stay, unless the file declares their email.
    """
    known = dict(connection.execute("SELECT user_id, declared FROM users WHERE declared != ''").fetchall())
    wanted = {each.user_id or _steady_id(each.email): each for each in registered.users}
    for user_id in known.keys() - wanted.keys():
        connection.execute("DELETE FROM users WHERE user_id = ?", (user_id,))
    for user_id, declaration in wanted.items():
        mark = fingerprint(json.dumps(asdict(declaration), sort_keys=True), means)
        if known.get(user_id) != mark:
            connection.execute(
                "DELETE FROM users WHERE email = ? AND user_id != ?", (declaration.email.strip(), user_id)
            )
            before = find_user(connection, user_id)
            keep_user(connection, _declared(declaration, user_id, before, means), mark)


def _declared(declaration: LoginUser, user_id: str, before: User | None, means: Means) -> User:
    make = partial(new_user, name=declaration.name, user_id=user_id)
    fresh = make(declaration.email, declaration.password, means)
    user = replace(
        fresh, email_verified=declaration.email_verified, blocked=declaration.blocked, roles=declaration.roles
    )
    if before is not None:
        user = replace(
            user,
            created_at=before.created_at,
            logins_count=before.logins_count,
            last_login=before.last_login,
            user_metadata=before.user_metadata,
            app_metadata=before.app_metadata,
        )
    return with_metadata(user, declaration.user_metadata, declaration.app_metadata)


def _steady_id(email: str) -> str:
    """The id of a user whose file gives none: the same in every tenant, so that links to it hold."""
    return f"auth0|{hashlib.sha256(email.strip().lower().encode()).hexdigest()[:24]}"


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**old, **new}.items() if value is not None}


def _user(row: sqlite3.Row) -> User:
    body = json.loads(row["body"])
    return User(
        **{**body, "roles": tuple(body["roles"])}, user_id=row["user_id"], email=row["email"], password=row["password"]
    )
