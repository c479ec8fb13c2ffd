"""The second factor of a stand-in: a code that the page itself shows, so that a flow with a factor can be walked."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconciler.catalogue.triggers import triggers
from reconciler.local.login.desk import Desk
from reconciler.local.login.pending import Pending
from reconciler.local.login.sessions import find_session_of, keep_session
from reconciler.local.stamp import log_date
from reconciler.model.execution import FlowRun

TRIES = 5
"""How often a wrong code is forgiven."""

_PROVIDERS = {"google-authenticator": "otp", "guardian": "push-notification"}
_KINDS = triggers()["post-login"].event["authentication.methods[].type"].choices
"""The kinds of factor that an event names; Duo is none of them."""


def new_code(desk: Desk) -> str:
    """Six digits."""
    return f"{int.from_bytes(desk.means.entropy(4), 'big') % 1_000_000:06d}"


def asked_for(args: Sequence[Any]) -> str:
    """What the arguments of an action ask for: the kind of factor, the first where there are several, empty where any
    will do; or the id of a form."""
    asked = args[0] if args else ""
    first = asked[0] if isinstance(asked, list | tuple) and asked else asked
    if isinstance(first, Mapping):
        return str(first.get("type", ""))
    return "" if first == "any" else _PROVIDERS.get(str(first), str(first))


async def needs_factor(desk: Desk, pending: Pending, run: FlowRun) -> bool:
    """Whether multifactor.enable wants a factor at the end of this login. A session that has one already is not asked
    again where the action allows the browser to be remembered."""
    asked, now = run.effects.multifactor, desk.now()
    if run.status != "completed" or asked.get("provider", "none") == "none":
        return False
    session = await desk.read(lambda connection: find_session_of(connection, pending.session_id, now))
    done = session is not None and any(method["name"] == "mfa" for method in session.methods)
    return not (done and asked.get("options", {}).get("allowRememberBrowser"))


async def add_factor(desk: Desk, pending: Pending) -> None:
    """Notes the factor in the session, where later logins find it among `event.authentication.methods`."""
    now, kind = desk.now(), pending.asked
    factor = {"name": "mfa", "timestamp": log_date(now), **({"type": kind} if kind in _KINDS else {})}

    def work(connection: sqlite3.Connection) -> None:
        session = find_session_of(connection, pending.session_id, now)
        if session is not None:
            keep_session(connection, replace(session, methods=(*session.methods, factor)))

    await desk.write(work)
