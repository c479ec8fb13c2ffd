"""Private-key JWT: how an application proves itself with its key (RFC 7523), as `/oauth/token` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError

from reconciler.local.login.clients import Client
from reconciler.local.login.grants import is_first_use
from reconciler.local.login.oauth_request import OAuthRequest
from reconciler.local.login.sessions import SECOND

LEEWAY_SECONDS = 60
LONGEST_SECONDS = 86_400


class Assertion(JWTBearerClientAssertion):
    """A client assertion (RFC 7523): signed with the key of the client, meant for this tenant, used once."""

    def __init__(self, request: OAuthRequest) -> None:
        super().__init__()
        self._request = request

    def resolve_client_public_key(self, client: Client) -> Any:
        if client.key is None:
            raise InvalidClientError
        return client.key

    def get_audiences(self) -> list[str]:
        return [self._request.issuer, self._request.issuer.rstrip("/"), f"{self._request.issuer}oauth/token"]

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """As Authlib does, but by the tenant's own clock, and for the client that the request names."""
        sub = str(claims.get("sub", ""))
        wanted = jwt.JWTClaimsRegistry(
            now=self._request.now // SECOND,
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": sub},
            sub={"essential": True, "value": self._request.fields.get("client_id") or sub},
            aud={"essential": True, "values": self.get_audiences()},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            wanted.validate(claims)
        except JoseError:
            raise InvalidClientError from None
        if not self.validate_jti(claims, str(claims["jti"])):
            raise InvalidClientError

    def validate_jti(self, claims: Mapping[str, Any], jti: str) -> bool:
        """Whether it is used for the first time. One that lasts longer than a day is refused: it would have to be
        remembered as long (the platform asks for minutes)."""
        seconds = claims["exp"]
        if seconds > self._request.now // SECOND + LONGEST_SECONDS:
            return False
        ends = (int(seconds) + LEEWAY_SECONDS) * SECOND
        return is_first_use(self._request.connection, f"{claims['sub']} {jti}", ends, self._request.now)

    def authenticate_client(self, client: Client) -> Client:
        return client


def by_assertion(query_client: Any, request: OAuthRequest) -> Client | None:
    """The client whose assertion is good; None where the request has none. InvalidClientError for a bad one."""
    try:
        found = Assertion(request)(query_client, request)
    except RecursionError:  # brackets without end
        raise InvalidClientError from None
    return found if isinstance(found, Client) else None
