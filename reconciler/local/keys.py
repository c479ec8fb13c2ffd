"""The keys of one embedded tenant: made at its first opening, kept beside its database, readable by the owner only."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from reconciler.errors import TenantError

SECRETS_KEY = "secrets.key"
SIGNING_KEY = "signing.key"
CLIENT = "client.json"
LOGIN_KEY = "login.pem"


@dataclass(frozen=True)
class Keys:
    """`client_id` and `client_secret` are the tenant's one machine-to-machine client; `signing_key` signs its
    tokens."""

    client_id: str
    client_secret: str = field(repr=False)
    signing_key: bytes = field(repr=False)
    _box: Fernet = field(repr=False)

    def sealed(self, value: str) -> str:
        """The value encrypted (Fernet: AES-128-CBC and HMAC-SHA256), as text."""
        return self._box.encrypt(value.encode()).decode()

    def opened(self, sealed: str) -> str:
        """The value that was sealed; TenantError where another key sealed it or it was tampered with."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise TenantError(
                f"The tenant's secrets were not encrypted with the key in {SECRETS_KEY}.",
                f"Put the right {SECRETS_KEY} back, or run `reconciler tenant reset` and apply again.",
            ) from None


def load_keys(directory: Path, entropy: Callable[[int], bytes]) -> Keys:
    """The keys in that directory; those that are missing are made. Two processes that open it at once get the same.

    TenantError where a file cannot be written, read or understood.
    """
    try:
        secrets_key = kept(directory / SECRETS_KEY, base64.urlsafe_b64encode(entropy(32)))
        signing_key = kept(directory / SIGNING_KEY, base64.urlsafe_b64encode(entropy(48)))
        fresh = {"client_id": _letters(entropy(24)), "client_secret": _letters(entropy(48))}
        client = json.loads(kept(directory / CLIENT, json.dumps(fresh).encode()))
        return Keys(client["client_id"], client["client_secret"], signing_key, Fernet(secrets_key))
    except OSError as error:
        raise TenantError(
            f"The embedded tenant's keys in {directory} cannot be used: {error.strerror}.",
            "Give yourself the right to write there, or name another directory.",
        ) from None
    except (ValueError, KeyError, TypeError):
        raise TenantError(
            f"A key file of the embedded tenant in {directory} is damaged.",
            f"Restore {SECRETS_KEY}, {SIGNING_KEY} and {CLIENT}, or run `reconciler tenant reset`.",
        ) from None


def write_private(path: Path, content: bytes) -> None:
    """The file, whole or not at all, with mode 0600."""
    temporary = _temporary(path, content)
    temporary.replace(path)


def kept(path: Path, fresh: bytes) -> bytes:
    """What the file holds; the fresh content becomes it where there is none. A link, unlike a rename, never
    replaces."""
    if not path.exists():
        temporary = _temporary(path, fresh)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_bytes()


def _temporary(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink()  # half a file helps nobody, least of all on a full disk
        raise
    return temporary


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
