"""Sign-ups and changes of passwords, with the triggers around them."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

from reconciler.local.login.caller import Caller
from reconciler.local.login.desk import Desk
from reconciler.local.login.logins import BLOCKED, WRONG, Logins
from reconciler.local.login.outcomes import Outcome, ToStep
from reconciler.local.login.pending import Pending
from reconciler.local.login.secrecy import hashed_password
from reconciler.local.login.sessions import end_sessions_of
from reconciler.local.login.users import (
    User,
    find_user,
    find_user_of,
    keep_user,
    new_user,
    user_with_password,
    with_metadata,
)
from reconciler.local.stamp import log_date

SHORTEST = 8
"""Characters of a password; a new connection of the platform asks for as many."""

REFUSED = "Signing up is not allowed."
TAKEN = "That email cannot be used to sign up."


class Accounts:
    """The accounts of one tenant."""

    def __init__(self, desk: Desk, logins: Logins) -> None:
        self._desk = desk
        self._logins = logins

    async def sign_up(self, caller: Caller, pending: Pending, browser: str, email: str, password: str) -> Outcome:
        """A sign-up: pre-user-registration decides, the user is kept, post-user-registration hears of it; then the
        login goes on as any other."""
        desk, client, query = self._desk, self._logins.client_of(pending), pending.query
        problem = await self._problem(email, password)
        if problem:
            await desk.log("fs", problem, caller, client=client, more={"user_name": email})
            return ToStep(pending, problem, email, sign_up=True)
        user = await asyncio.to_thread(new_user, email, password, desk.means)
        event = desk.events.before_sign_up(caller, client, user, query)
        run = await desk.firing.fire("pre-user-registration", event, reveal=True)
        if run.status != "completed":
            return ToStep(pending, run.user_message or REFUSED, email, sign_up=True)
        user = with_metadata(user, run.effects.user_metadata, run.effects.app_metadata)
        if not await desk.write(lambda connection: _kept(connection, user)):
            return ToStep(pending, TAKEN, email, sign_up=True)
        await desk.firing.fire("post-user-registration", desk.events.after_sign_up(caller, user, query))
        return await self._logins.enter(caller, client, pending, browser, user)

    async def change_password(self, caller: Caller, email: str, password: str, wanted: str) -> str:
        """Why the password was not changed; empty where it was. Sessions of the user end, as after a reset."""
        desk = self._desk
        user = await desk.read(lambda connection: user_with_password(connection, email, password))
        if user is None:
            await desk.log("fcp", WRONG, caller, more={"user_name": email})
            return WRONG
        if user.blocked:
            return BLOCKED
        if len(wanted) < SHORTEST:
            return _too_short()
        known, now = user, log_date(desk.now())
        hashed = await asyncio.to_thread(hashed_password, wanted, desk.means.entropy(16))

        def work(connection: sqlite3.Connection) -> User:
            latest = find_user(connection, known.user_id) or known  # a login may have written to it meanwhile
            changed = replace(latest, password=hashed, last_password_reset=now, updated_at=now)
            keep_user(connection, changed)
            end_sessions_of(connection, changed.user_id)
            return changed

        changed = await desk.write(work)
        await desk.firing.fire("post-change-password", desk.events.password_changed(caller, changed))
        return ""

    async def _problem(self, email: str, password: str) -> str:
        name, at, domain = email.strip().partition("@")
        if not name or not at or not domain or any(sign.isspace() for sign in email.strip()):
            return "That is no email address."
        if len(password) < SHORTEST:
            return _too_short()
        taken = await self._desk.read(lambda connection: find_user_of(connection, email))
        return TAKEN if taken else ""


def _kept(connection: sqlite3.Connection, user: User) -> bool:
    """Keeps the new user; False where somebody took the email while the actions ran."""
    if find_user_of(connection, user.email):
        return False
    keep_user(connection, user)
    return True


def _too_short() -> str:
    return f"A password has at least {SHORTEST} characters."
