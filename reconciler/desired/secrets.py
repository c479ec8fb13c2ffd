"""Secret values: how they are held, and the keyed fingerprints that stand for them everywhere else (law 6)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

FINGERPRINT_KEY = "reconciler_fingerprint_key"
"""The reserved key of a SOPS file that holds the key of the fingerprints."""

HIDDEN = "<secret>"


class SecretValue:
    """A text that cannot be printed, copied, serialised or put in a message. Only `reveal` gives it."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself: for the one call that hands it to the tenant, to sops, or to the code under test."""
        return self.__text

    def __repr__(self) -> str:
        return HIDDEN

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, form: str) -> str:
        return HIDDEN

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret value cannot be pickled or copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret value cannot be pickled or copied")

    def __copy__(self) -> NoReturn:
        raise TypeError("a secret value cannot be copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a secret value cannot be copied")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> NoReturn:
        raise TypeError("a secret value cannot be part of a model")


Learn = Callable[[Mapping[str, SecretValue]], None]
"""Hears of secret values by their names."""


def nobody_learns(values: Mapping[str, SecretValue]) -> None:
    """Where nobody has to know."""


@dataclass(frozen=True, slots=True)
class Vault:
    """The values of one tenant's secrets, in memory only: (owner, secret name) -> value. The owner is an action by its
    name, a module by its folder, `modules/NAME`. `decrypted` holds everything that the tenant's SOPS file held, by its
    keys; nothing where nothing had to be decrypted."""

    _values: Mapping[tuple[str, str], SecretValue] = field(default_factory=dict, repr=False)
    decrypted: Mapping[str, SecretValue] = field(default_factory=dict, repr=False)

    def value(self, owner: str, secret: str) -> SecretValue:
        """The value that the owner is to have. Raises KeyError for a secret that is kept or unknown."""
        return self._values[(owner, secret)]


def fingerprint(key: bytes, tenant: str, owner: str, name: str, value: SecretValue) -> str:
    """16 hex digits of HMAC-SHA256 over tenant, owner (as in the vault), name and value.

    The tenant is a part of it since the fingerprint travels with the code: a copy of an action in another tenant, which
    has none of the values, must not look as if it had them. Each part is preceded by its length, so that no two
    different inputs run together.
    """
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in (tenant, owner, name, value.reveal()):
        raw = part.encode("utf-8", "surrogatepass")
        mac.update(len(raw).to_bytes(8, "big") + raw)
    return mac.hexdigest()[:16]
