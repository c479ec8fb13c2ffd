"""What a SOPS file tells without being decrypted: the names of its keys, and whether something stands in clear."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from reconciler.desired.located_yaml import Source, parse
from reconciler.desired.secrets import FINGERPRINT_KEY
from reconciler.errors import Diagnostic, Span

METADATA = "sops"
_RESTORE = "Restore the file from git, and change it with sops."
_CIPHERTEXT = re.compile(r"ENC\[AES256_GCM,data:[^,]*,iv:[^,]+,tag:[^,]+,type:(\w+)\]")


class SopsFile(NamedTuple):
    """One SOPS file, still encrypted. `keys` maps each name to its place, `sources` to the digest of what stands there;
    `diagnostics` never quote a value."""

    file: str
    ciphertext: bytes
    keys: Mapping[str, Span]
    sources: Mapping[str, str]
    recipients: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_fingerprint_key(self) -> bool:
        """Whether `secrets init` has given the file its reserved key."""
        return FINGERPRINT_KEY in self.keys

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that an action may refer to, in the file's order."""
        return tuple(key for key in self.keys if key != FINGERPRINT_KEY)


def source_of(text: str) -> str:
    """The digest of what stands in git of a secret (64 hex digits)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse_sops_file(ciphertext: bytes, file: str) -> SopsFile:
    """Look at a SOPS file without a key."""
    source = parse(ciphertext, file)
    value = source.value
    if source.broken or not isinstance(value, dict):
        problems = _unquoted(source) or [
            Diagnostic(Span(file, 1, 1), "a SOPS file must be a mapping of names to values.", _RESTORE)
        ]
        return SopsFile(file, ciphertext, {}, {}, (), tuple(problems))
    keys = {key: source.key(key) for key in value if key != METADATA}
    sources = {key: source_of(str(value[key])) for key in keys}
    return SopsFile(file, ciphertext, keys, sources, _recipients(value.get(METADATA)), tuple(_problems(source, keys)))


def _unquoted(source: Source) -> list[Diagnostic]:
    """The problems of the syntax without their words: these can quote a value that stands in clear."""
    return [Diagnostic(problem.span, "this is not valid YAML.", _RESTORE) for problem in source.diagnostics]


def _problems(source: Source, keys: Mapping[str, Span]) -> list[Diagnostic]:
    found = _unquoted(source)
    if METADATA not in source.value:
        message = "the file is not encrypted."
        return [
            *found,
            Diagnostic(Span(source.file, 1, 1), message, "Take its values for leaked; encrypt it with sops."),
        ]
    for key, place in keys.items():
        found += _problem(key, source.value[key], place)
    return found


def _problem(key: str, value: object, place: Span) -> list[Diagnostic]:
    if value is None or value == "":
        return [Diagnostic(place, f"'{key}' is empty.", f"Run `reconciler secrets set {key}`, or remove it.")]
    match = _CIPHERTEXT.fullmatch(value) if isinstance(value, str) else None
    if match and match[1] == "str":
        return []
    if match:
        return [Diagnostic(place, f"'{key}' is not text ({match[1]}).", "Set it again as text, in quotes.")]
    if isinstance(value, dict | list):
        return [Diagnostic(place, f"'{key}' is not text: a SOPS file holds one text per name.", "Make it flat.")]
    return [Diagnostic(place, f"'{key}' stands in clear.", "Take its value for leaked; change it and encrypt it.")]


def _recipients(metadata: object) -> tuple[str, ...]:
    """Whom the file is encrypted for, as sops records it, by any of its key services; sorted."""
    found: set[str] = set()
    _collect(metadata, found)
    return tuple(sorted(found))


_IDENTITIES = ("recipient", "arn", "fp", "resource_id", "vault_url", "vault_address", "key_id")


def _collect(value: object, found: set[str]) -> None:
    if isinstance(value, dict):
        found.update(str(value[name]) for name in _IDENTITIES if name in value)
        for inner in value.values():
            _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)
