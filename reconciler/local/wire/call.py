"""One call of the Management API on its way through the tenant."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.local.means import Means
from reconciler.local.state.tenant_log import Entry, redacted, write_entry
from reconciler.local.wire.schema import Parameter, Shape
from reconciler.local.wire.tokens import Grant


@dataclass(frozen=True)
class Call:
    """A call that was let through: the token is good and has the scope, query and body have the right form."""

    grant: Grant
    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, Any]
    raw_query: Mapping[str, str]
    body: Mapping[str, Any] = field(repr=False)
    ip: str
    user_agent: str
    summary: str
    means: Means

    @property
    def writes(self) -> bool:
        """Whether the call is one that changes something."""
        return self.method not in ("GET", "HEAD")

    def record(self, connection: sqlite3.Connection, status: int, answer: Any, kind: str = "sapi") -> None:
        """Writes the `sapi` entry of a call that wrote something, in the same transaction as what it wrote; `fapi` is
        that of a call that was refused.

        Secret values are taken out of the body first; the platform never shows them in an answer.
        """
        request = {
            "auth": {"credentials": {"scopes": list(self.grant.scopes)}, "strategy": "jwt", "user": {}},
            "body": redacted(self.body) or None,
            "channel": "api",
            "ip": self.ip,
            "method": self.method.lower(),
            "path": self.path,
            "query": dict(self.raw_query),
            "userAgent": self.user_agent,
        }
        details = {"request": request, "response": {"body": answer or {}, "statusCode": status}}
        about = {"client_id": self.grant.client_id, "client_name": "", "ip": self.ip, "user_agent": self.user_agent}
        write_entry(connection, Entry(kind, self.summary, details, about), self.means)


@dataclass(frozen=True)
class Answer:
    """What goes back: a status and a JSON body, None for no body."""

    status: int
    body: Any = None


@dataclass(frozen=True)
class Operation:
    """One operation: what it is called in the log, who may call it, what it takes, and what it does.

    Any of `scopes` will do; where there are none, any token.
    """

    method: str
    path: str
    summary: str
    scopes: tuple[str, ...]
    serve: Callable[[Call], Awaitable[Answer]]
    query: Mapping[str, Parameter] = field(default_factory=dict)
    body: Shape | None = None
    body_optional: bool = False
