"""One request of an application, as Authlib's classes read it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

from reconciler.local.login.grants import Code, Refresh
from reconciler.local.login.users import User

_SECURE = "https://embedded.tenant/"
"""Authlib refuses plain http, except where an environment variable allows it for the whole process. On loopback there
is nobody to listen (RFC 8252, section 8.3), so it is told of https."""


_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


def seconds_of(text: str) -> int | None:
    """A parameter that is a number of seconds; None for any other text."""
    return int(text) if _SECONDS.fullmatch(text) else None


class Fields(OAuth2Payload):
    """The parameters of a request; `datalist` also holds those that were sent twice."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._lists: dict[str, list[str]] = {}
        for name, value in pairs:
            self._lists.setdefault(name, []).append(value)
        self._data = {name: values[0] for name, values in self._lists.items()}

    @property
    def data(self) -> dict[str, str]:
        return self._data

    @property
    def datalist(self) -> dict[str, list[str]]:
        return self._lists


class OAuthRequest(OAuth2Request):
    """A request and what it is checked against: the database at this instant (nanoseconds), and the issuer as the
    caller names it."""

    authorization_code: Code | None
    refresh_token: Refresh | None
    user: User | None

    def __init__(
        self,
        method: str,
        pairs: Sequence[tuple[str, str]],
        *,
        connection: sqlite3.Connection,
        issuer: str,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(method, _SECURE, headers=headers or {})
        self.payload = Fields(pairs)
        self.fields = self.payload.data
        self.connection = connection
        self.issuer = issuer
        self.now = now

    @property
    def form(self) -> dict[str, str]:
        return self.fields

    @property
    def args(self) -> dict[str, str | None]:
        return dict(self.fields)
