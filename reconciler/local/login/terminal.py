"""A login from the command line: the user is one of the tenant's, and nobody asks for a password."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from reconciler.errors import Usage
from reconciler.local.login.users import User, count_login, declare_users, find_user, find_user_of, write_metadata
from reconciler.local.means import Means
from reconciler.local.registered import Registered
from reconciler.local.state.store import Store
from reconciler.model.effects import Effects


async def begun_login(store: Store, means: Means, declared: Registered | None, email: str) -> User | None:
    """The user of that email with this login counted, or None where the tenant has none; those that are `declared` are
    made the tenant's first, where its own server does not do that.

    Usage where the user is blocked: the platform runs no flow then.
    """

    def begin(connection: sqlite3.Connection) -> User | None:
        if declared is not None:
            declare_users(connection, declared, means)
        user = find_user_of(connection, email)
        return user if user is None or user.blocked else count_login(connection, user, means.stamps.next())

    user = await store.write(begin)
    if user is not None and user.blocked:
        raise Usage(f"The user {email} is blocked.", "Take `blocked` away in the tenant file, or name another user.")
    return user


def event_of(user: User, sample: Mapping[str, Any]) -> dict[str, Any]:
    """The sample event, of that user instead of the sample's."""
    return {
        **sample,
        "user": user.profile(),
        "authorization": {"roles": list(user.roles)},
        "stats": {"logins_count": user.logins_count},
    }


async def keep_effects(store: Store, user_id: str, effects: Effects) -> None:
    """Writes what the actions of a login wrote of its user; nothing where the tenant has no such user."""

    def write(connection: sqlite3.Connection) -> None:
        user = find_user(connection, user_id)
        if user is not None:
            write_metadata(connection, user, effects.user_metadata, effects.app_metadata)

    if effects.user_metadata or effects.app_metadata:
        await store.write(write)
