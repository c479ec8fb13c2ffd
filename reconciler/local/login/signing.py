"""The tenant's tokens for users and applications: JWTs signed with RS256, and the key set that verifies them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from authlib.oidc.core.util import create_half_hash
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from reconciler.errors import TenantError
from reconciler.local.keys import LOGIN_KEY, kept

ALGORITHM = "RS256"
ID_TOKEN_SECONDS = 36_000
ACCESS_TOKEN_SECONDS = 86_400
"""The platform's defaults for a new application and a new API."""


class Signer:
    """Signs and reads tokens. The key is made when it is first needed: most uses of a tenant are no login."""

    def __init__(self, directory: Path, clock: Callable[[], datetime]) -> None:
        self._path = directory / LOGIN_KEY
        self._clock = clock
        self._loaded: RSAKey | None = None

    async def key_set(self) -> dict[str, Any]:
        """`/.well-known/jwks.json`."""
        return {"keys": [(await self._key()).as_dict(private=False)]}

    async def id_token(self, issuer: str, audience: str, claims: Mapping[str, Any], access_token: str) -> str:
        """An ID token with those claims and the hash of the access token that comes with it."""
        half = create_half_hash(access_token, ALGORITHM)
        own = {"at_hash": half.decode()} if half else {}
        return await self._signed(issuer, audience, ID_TOKEN_SECONDS, {**claims, **own})

    async def access_token(self, issuer: str, audience: str | list[str], claims: Mapping[str, Any]) -> str:
        """An access token with those claims."""
        return await self._signed(issuer, audience, ACCESS_TOKEN_SECONDS, claims)

    async def claims(self, token: str, issuer: str, audience: str) -> Mapping[str, Any] | None:
        """The claims of a token that we signed for that audience and that is not over; None for any other."""
        now = int(self._clock().timestamp())
        wanted = jwt.JWTClaimsRegistry(
            now=now,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, await self._key(), algorithms=[ALGORITHM]).claims
            wanted.validate(claims)
        except (JoseError, ValueError):
            return None
        return claims

    async def _signed(self, issuer: str, audience: str | list[str], seconds: int, claims: Mapping[str, Any]) -> str:
        key, now = await self._key(), int(self._clock().timestamp())
        whole = {"iss": issuer, **claims, "aud": audience, "iat": now, "exp": now + seconds}
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, whole, key, algorithms=[ALGORITHM])

    async def _key(self) -> RSAKey:
        if self._loaded is None:
            self._loaded = await asyncio.to_thread(_load, self._path)
        return self._loaded


def _load(path: Path) -> RSAKey:
    try:
        pem = path.read_bytes() if path.exists() else kept(path, _fresh())
        key = RSAKey.import_key(pem, {"use": "sig", "alg": ALGORITHM})
        key.ensure_kid()
        return key
    except OSError as error:
        raise TenantError(
            f"The key for logins {path} cannot be used: {error.strerror}.", "Give yourself the right to write there."
        ) from None
    except (JoseError, ValueError, TypeError):
        raise TenantError(
            f"The key for logins {path} is damaged.", "Delete it: a new one is made, and every login starts anew."
        ) from None


def _fresh() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
