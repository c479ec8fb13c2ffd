"""Where a step of a login in the browser leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.local.login.pending import Pending


@dataclass(frozen=True)
class ToApplication:
    """Back to the application, with these fields. `session_token` is the cookie of a new session; `ended`: the cookie
    goes, its session is over. `stays`: the cookie outlives the browser."""

    redirect_uri: str
    fields: Mapping[str, str] = field(repr=False)
    by_post: bool = False
    session_token: str = field(default="", repr=False)
    stays: bool = True
    ended: bool = False


@dataclass(frozen=True)
class ToUrl:
    """To the page that an action named."""

    url: str = field(repr=False)


@dataclass(frozen=True)
class ToStep:
    """To one of the tenant's own pages, for what the login waits for. `problem` is what was wrong with the last try,
    `typed` what was filled in: the email, or the fields of a form."""

    pending: Pending
    problem: str = ""
    typed: str = ""
    sign_up: bool = False


@dataclass(frozen=True)
class Broken:
    """Nowhere: a page that says what is wrong, since the application cannot be told."""

    status: int
    code: str
    description: str


Outcome = ToApplication | ToUrl | ToStep | Broken
