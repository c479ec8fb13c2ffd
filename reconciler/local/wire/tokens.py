"""Access tokens of the embedded tenant: signed JWTs, as `/oauth/token` gives them and every API call needs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OctKey

from reconciler.local.keys import Keys
from reconciler.local.refusal import Refusal, unauthorized

SCOPES = (
    "read:actions",
    "create:actions",
    "update:actions",
    "delete:actions",
    "read:logs",
    "read:logs_users",
)
"""Every scope the tenant's client has; wire.md, section 7."""

LIFETIME_SECONDS = 86_400
"""wire.md, section 5: `expires_in` is 86400."""

AUDIENCE_PATH = "/api/v2/"
ISSUER = "https://reconciler.local/"
_ALGORITHM = "HS256"
_WANTED = jwt.BaseClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True},
    azp={"essential": True},
    exp={"essential": True},
    scope={"essential": True, "allow_blank": True},
)


@dataclass(frozen=True)
class Grant:
    """What a token allows, and whom."""

    client_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """Gives and reads tokens. `clock` says what time it is, so that expiry can be tested."""

    keys: Keys
    clock: Callable[[], datetime]

    def issued(self, audience: str, scopes: tuple[str, ...], client_id: str) -> str:
        """A token for that client."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": ISSUER,
            "sub": f"{client_id}@clients",
            "aud": audience,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "scope": " ".join(scopes),
            "gty": "client-credentials",
            "azp": client_id,
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, self._key(), algorithms=[_ALGORITHM])

    def grant(self, authorization: str | None) -> Grant:
        """What an Authorization header allows; Refusal 401, or 400 for a header of another form (wire.md, section
        0)."""
        if not authorization:
            raise unauthorized("Missing authentication")  # hapi's words: the tenant's own were never recorded
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token or " " in token:
            raise Refusal(400, "Bad HTTP authentication header format", "Bearer")
        claims = self._claims(token)
        if claims["exp"] <= self.clock().timestamp():
            raise unauthorized("Expired token received for JSON Web Token validation")
        return Grant(str(claims["azp"]), tuple(str(claims["scope"]).split()))

    def _key(self) -> OctKey:
        return OctKey.import_key(self.keys.signing_key)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, self._key(), algorithms=[_ALGORITHM]).claims
            _WANTED.validate(claims)
        except BadSignatureError:
            raise unauthorized("Invalid signature received for JSON Web Token validation") from None
        except (JoseError, ValueError):
            raise unauthorized("Invalid token") from None
        if not str(claims["aud"]).endswith(AUDIENCE_PATH):
            raise unauthorized("Invalid token")
        return claims
