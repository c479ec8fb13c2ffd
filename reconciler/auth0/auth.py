"""How a request gets its bearer token, as a generator without I/O of its own (httpx.Auth)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from reconciler.auth0.answers import no_tenant, parse_answer, spoken
from reconciler.errors import RateLimited, Unauthorized

EARLY = timedelta(seconds=60)
"""A token is renewed this long before it ends, so that none dies on the way."""

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Credentials:
    """What the tenant is asked for a token with: a ready token, or a client with a secret or a private key (PEM)."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)

    @property
    def usable(self) -> bool:
        """Whether there is anything to ask with."""
        return bool(self.access_token or (self.client_id and (self.client_secret or self.private_key)))


class TokenAuth(httpx.Auth):
    """Asks `/oauth/token` once and keeps the token until shortly before it ends. Raises Unauthorized when refused."""

    def __init__(self, credentials: Credentials, *, url: str, audience: str, clock: Callable[[], datetime]) -> None:
        self._credentials = credentials
        self._url = url
        self._audience = audience
        self._clock = clock
        self._token = credentials.access_token
        self._ends: datetime | None = None
        self._turn = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        async with self._turn:
            if not self._fresh():
                answer = yield self._token_request()
                await answer.aread()
                self._keep(answer)
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request

    def _fresh(self) -> bool:
        return bool(self._token) and (self._ends is None or self._clock() < self._ends)

    def _token_request(self) -> httpx.Request:
        body = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "audience": self._audience,
        }
        if self._credentials.private_key:
            body |= {"client_assertion_type": ASSERTION, "client_assertion": self._assertion()}
        else:
            body["client_secret"] = self._credentials.client_secret
        return httpx.Request("POST", self._url, json=body)

    def _assertion(self) -> str:
        now = self._clock()
        claims = {
            "iss": self._credentials.client_id,
            "sub": self._credentials.client_id,
            "aud": self._url.removesuffix("oauth/token"),
            "iat": now,
            "exp": now + timedelta(minutes=1),
            "jti": str(uuid.uuid4()),
        }
        try:
            key = RSAKey.import_key(self._credentials.private_key)
            return jwt.encode({"alg": "RS256"}, claims, key, algorithms=["RS256"])
        except (ValueError, TypeError, JoseError):
            raise Unauthorized(
                "The private key for the tenant cannot be read.", "Give an RSA private key in PEM form."
            ) from None  # what it was made of is a secret

    def _keep(self, answer: httpx.Response) -> None:
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            raise RateLimited(
                f"The tenant gives no token now ({answer.status_code} {self._reason(answer)}).",
                "Try again in a minute.",
                status=answer.status_code,
            )
        if answer.status_code != httpx.codes.OK:
            raise Unauthorized(
                f"The tenant refuses the credentials of client {self._credentials.client_id} "
                f"({answer.status_code} {self._reason(answer)}).",
                "Check client id and secret (or key), and that the client may use the Management API.",
                status=answer.status_code,
            )
        body = parse_answer(answer)
        if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
            raise no_tenant(answer)
        life = body.get("expires_in")
        self._token = body["access_token"]
        self._ends = self._clock() + timedelta(seconds=life if isinstance(life, int | float) else 0) - EARLY

    def _reason(self, answer: httpx.Response) -> str:
        return spoken(answer, [self._credentials.client_secret, self._credentials.private_key])
