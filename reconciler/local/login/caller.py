"""What a request over HTTP tells of who sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from reconciler.local.refusal import Refusal
from reconciler.local.wire.bodies import raw_body

NEVER_SHOWN = frozenset(
    {"auth_session", "authn_response", "client_secret", "client_assertion", "refresh_token", "password"}
)
"""Fields that an event never holds: the first five by the platform's own word (since 2025-09-16). Of a password no
source says anything; the user's own should not reach an action either."""


@dataclass(frozen=True)
class Caller:
    """Where a request came from and what it asked. `issuer` is the tenant as the caller names it: scheme, host, port
    and a slash, so that an application may say localhost or 127.0.0.1."""

    issuer: str
    hostname: str
    ip: str
    user_agent: str
    language: str
    method: str
    cookies: Mapping[str, str] = field(repr=False)
    secure: bool

    def device(self) -> dict[str, str]:
        """Where a session or a refresh token is used."""
        return {"ip": self.ip, "user_agent": self.user_agent}

    def shown(self, query: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        """`event.request`. The place of an address is not known: `geoip` is empty."""
        return {
            "body": _open(body),
            "geoip": {},
            "hostname": self.hostname,
            "ip": self.ip,
            "language": self.language,
            "method": self.method,
            "query": _open(query),
            "user_agent": self.user_agent,
        }


def caller_of(request: Request) -> Caller:
    """Who sent that request."""
    base = request.base_url
    return Caller(
        issuer=f"{base.scheme}://{base.netloc}/",
        hostname=base.hostname or "",
        ip=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        language=request.headers.get("accept-language", "en").partition(",")[0].partition("-")[0].strip() or "en",
        method=request.method,
        cookies=request.cookies,
        secure=base.scheme == "https",
    )


async def read_form(request: Request) -> Sequence[tuple[str, str]]:
    """The fields of a form, in order; Refusal for a body that is too large or no form."""
    try:
        return parse_qsl((await raw_body(request)).decode(), keep_blank_values=True)
    except ValueError:
        raise Refusal(400, "The form cannot be read.") from None


def _open(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in NEVER_SHOWN}
