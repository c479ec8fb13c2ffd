"""Random tokens and what is kept of them, and the hashes of passwords."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from reconciler.local.means import Means

_COST, _BLOCK, _LANES, _LENGTH = 2**14, 8, 1, 32
"""scrypt, about 50 ms: test users on the developer's own machine, not the 2**17 that a public service would take."""


NOBODYS = f"{base64.b64encode(bytes(16)).decode()}${base64.b64encode(bytes(32)).decode()}"
"""The hash of no password."""


def new_token(means: Means, prefix: str = "") -> str:
    """A token of 256 random bits, in letters that fit a URL and a cookie."""
    return prefix + base64.urlsafe_b64encode(means.entropy(32)).decode().rstrip("=")


def kept_form(token: str) -> str:
    """What the database keeps of a random token. It has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hashed_password(password: str, salt: bytes) -> str:
    """The scrypt hash of a password with its salt, as text."""
    derived = _scrypt(salt).derive(password.encode())
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def is_password(password: str, hashed: str) -> bool:
    """Whether that is the password of the hash."""
    salt, _, derived = hashed.partition("$")
    try:
        _scrypt(base64.b64decode(salt)).verify(password.encode(), base64.b64decode(derived))
    except (InvalidKey, ValueError):
        return False
    return True


def fingerprint(text: str, means: Means) -> str:
    """A keyed hash of a text: tells whether it changed, and nothing else."""
    return hmac.new(means.keys.signing_key, text.encode(), hashlib.sha256).hexdigest()


def _scrypt(salt: bytes) -> Scrypt:
    return Scrypt(salt=salt, length=_LENGTH, n=_COST, r=_BLOCK, p=_LANES)
