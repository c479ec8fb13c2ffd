"""Whether text is a key that tokens can be checked with."""

from __future__ import annotations

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey


def is_public_key(pem: str) -> bool:
    """Whether it is the public half of an RSA key, as PEM."""
    try:
        return not RSAKey.import_key(pem).is_private
    except (JoseError, ValueError, TypeError):
        return False
