"""Login transactions: what an application asked for while its user is still on the tenant's pages.

A transaction belongs to one browser, by a cookie, so that no other site can go on with it or slip its own into a form.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from reconciler.local.login.secrecy import kept_form
from reconciler.local.login.sessions import SECOND

LIFE = 3_600 * SECOND
"""An hour for the whole of a login, redirects to other pages included (the platform's own limit is not documented)."""

Step = Literal["login", "away", "factor", "form"]


@dataclass(frozen=True)
class Pending:
    """A login that waits for its user.

    `query` are the parameters of `/authorize`; `step` is what it waits for; `flow` the state of a suspended flow.
    `user_id` and `session_id` are known once the password was right; `fresh`: the session began with this login.
    `method` is the call of an action that it waits for, `asked` the kind of factor or the form that it names. `code` is
    the factor's code and `failures` how often another one was given. `done`: the flow is over, and this is what it came
    to (sealed), but a factor is still to come. `returned` are the fields with which another page came back by POST.
    """

    id: str
    query: Mapping[str, str]
    step: Step = "login"
    flow: str = ""
    user_id: str = ""
    session_id: str = ""
    fresh: bool = True
    method: str = ""
    asked: str = ""
    code: str = ""
    failures: int = 0
    done: str = ""
    returned: Mapping[str, str] | None = None


def keep_pending(connection: sqlite3.Connection, pending: Pending, browser: str, now: int) -> None:
    """Writes the transaction, as that browser's. What is over goes."""
    connection.execute("DELETE FROM transactions WHERE expires_at <= ?", (now,))
    connection.execute(
        "INSERT INTO transactions VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET flow = excluded.flow,"
        " body = excluded.body",
        (pending.id, kept_form(browser), pending.flow or None, now + LIFE, json.dumps(asdict(pending))),
    )


def find_pending(connection: sqlite3.Connection, pending_id: str, browser: str, now: int) -> Pending | None:
    """The transaction of that id, where it is that browser's and not over."""
    row = _row(connection, "id = ?", pending_id, now)
    return _pending(row) if row and hmac.compare_digest(row["browser"], kept_form(browser)) else None


def find_pending_flow(connection: sqlite3.Connection, flow: str, browser: str, now: int) -> Pending | None:
    """The transaction whose flow waits under that state, where it is that browser's."""
    row = _row(connection, "flow = ?", flow, now)
    return _pending(row) if row and hmac.compare_digest(row["browser"], kept_form(browser)) else None


def keep_returned(connection: sqlite3.Connection, flow: str, fields: Mapping[str, str], now: int) -> bool:
    """Keeps what another page posted for the flow of that state; False where no such flow waits.

    A cookie does not come with a POST from another site, so the browser is asked to come again by GET.
    """
    row = _row(connection, "flow = ?", flow, now)
    if row is None:
        return False
    body = {**json.loads(row["body"]), "returned": dict(fields)}
    connection.execute("UPDATE transactions SET body = ? WHERE id = ?", (json.dumps(body), row["id"]))
    return True


def drop_pending(connection: sqlite3.Connection, pending_id: str) -> bool:
    """Takes the transaction out; False where somebody else did so before."""
    return connection.execute("DELETE FROM transactions WHERE id = ?", (pending_id,)).rowcount == 1


def _row(connection: sqlite3.Connection, where: str, value: str, now: int) -> Any:
    return connection.execute(f"SELECT * FROM transactions WHERE {where} AND expires_at > ?", (value, now)).fetchone()


def _pending(row: sqlite3.Row) -> Pending:
    return Pending(**json.loads(row["body"]))
