"""Making and changing what a tenant's secrets need: an age key, .sops.yaml, the SOPS file with its fingerprint key.

Nothing that is there already is ever overwritten.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pyrage import IdentityError, x25519

from reconciler.catalogue import limits
from reconciler.desired import atomic
from reconciler.desired.repository import Repository
from reconciler.desired.secrets import FINGERPRINT_KEY, SecretValue
from reconciler.desired.sops import Sops
from reconciler.desired.sops_file import parse_sops_file
from reconciler.errors import SecretsError

CONFIG = ".sops.yaml"
_RULES = """\
# For whom the files below secrets/ are encrypted. After a change: sops updatekeys secrets/*.sops.yaml
creation_rules:
  - path_regex: ^secrets/[^/]+\\.sops\\.yaml$
    age: >-
      {recipient}
"""
_IDENTITY = re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]+")
_KEY_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `init` made (paths as a person would write them), what was there already, whether the age key is here."""

    made: tuple[str, ...]
    kept: tuple[str, ...]
    has_key: bool


def init(
    repository: Repository,
    sops: Sops,
    *,
    file: str,
    key_file: Path,
    randbytes: Callable[[int], bytes],
    clock: Callable[[], datetime],
) -> Prepared:
    """Make what is missing: the age key file (mode 0600), .sops.yaml with a rule for it, and the SOPS file `file`
    (relative to the repository's folder) with a fingerprint key of 32 random bytes. Where .sops.yaml says already for
    whom, no key is made.

    Raises SecretsError where the key file could be committed, a file that is there cannot be used, or sops refuses.
    """
    folder, config = repository.folder, repository.folder / CONFIG
    made: list[str] = []
    kept: list[str] = []
    if config.exists() and not key_file.exists():
        # Whoever has the key decides who may read: a new one would open nothing.
        kept.append(CONFIG)
    else:
        recipient = _key(repository, key_file, clock(), made, kept)
        (kept if config.exists() else made).append(CONFIG)
        if not config.exists():
            _write(config, _RULES.format(recipient=recipient).encode())
    key = SecretValue(randbytes(32).hex())
    (made if _fingerprint_key(folder, file, sops, key_file, key) else kept).append(file)
    return Prepared(tuple(made), tuple(kept), has_key=key_file.exists())


def _key(repository: Repository, key_file: Path, now: datetime, made: list[str], kept: list[str]) -> str:
    """The recipient of the age key, which is made where there is none."""
    if not repository.ignored(key_file):
        raise SecretsError(
            f"The age key file {key_file} could be committed to git.",
            "Add it to .gitignore, or choose a path outside the repository.",
        )
    (kept if key_file.exists() else made).append(str(key_file))
    return _recipient(key_file) if key_file.exists() else _new_key(key_file, now)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a new repository needs for its secrets: .sops.yaml, its first SOPS file, and the text of the age key file;
    None where the file holds a key already, which is used."""

    config: bytes
    file: bytes
    key: bytes | None = field(repr=False)


def sealed(
    sops: Sops, file: str, key_file: Path, *, randbytes: Callable[[int], bytes], clock: Callable[[], datetime]
) -> Sealed:
    """Make them, and write nothing. `file` is where the SOPS file will be. Raises SecretsError where the key file holds
    no key, or sops refuses."""
    key: bytes | None = None
    if key_file.exists():
        recipient = _recipient(key_file)
    else:
        recipient, text = _identity(clock())
        key = text.encode()
    config = _RULES.format(recipient=recipient).encode()
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / CONFIG
        rules.write_bytes(config)
        content = sops.encrypt({FINGERPRINT_KEY: SecretValue(randbytes(32).hex())}, file, rules)
    return Sealed(config, content, key)


def set_value(folder: Path, file: str, name: str, value: SecretValue, sops: Sops, key_file: Path | None) -> bool:
    """Put one value into a SOPS file; False where it had that value. Raises SecretsError, also for a name or a value
    that the platform or this program cannot take."""
    text = value.reveal()
    if name == FINGERPRINT_KEY or name == "sops" or not _KEY_NAME.fullmatch(name):
        raise SecretsError(f"'{name[:128]}' cannot be the name of a secret.", "Use letters, digits, _ . and -.")
    if not text:
        raise SecretsError("The value is empty.", "Give one on standard input or at the prompt.")
    if len(text) > limits.SECRET_VALUE_CHARACTERS:
        most = limits.SECRET_VALUE_CHARACTERS
        raise SecretsError(f"The value has {len(text)} characters, the platform takes {most}.", "Shorten it.")
    path = _existing(folder, file)
    before = path.read_bytes()
    after = sops.with_value(before, name, value, file, key_file)
    if after == before:
        return False
    _write(path, after)
    return True


def edit(folder: Path, file: str, sops: Sops, key_file: Path | None, *, terminal: bool) -> bool:
    """Open a SOPS file in the editor; True where something changed. Raises SecretsError."""
    return sops.edit(_existing(folder, file), file, key_file, terminal=terminal)


def _existing(folder: Path, file: str) -> Path:
    if not (folder / file).is_file():
        raise SecretsError(f"{file} does not exist.", "Run `reconciler secrets init`.")
    return folder / file


def _new_key(key_file: Path, now: datetime) -> str:
    recipient, text = _identity(now)
    _write(key_file, text.encode(), mode=0o600)
    return recipient


def _identity(now: datetime) -> tuple[str, str]:
    """A new age key: whom to encrypt for, and the text of its file."""
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    return recipient, f"# created: {now.isoformat(timespec='seconds')}\n# public key: {recipient}\n{identity}\n"


def _recipient(key_file: Path) -> str:
    try:
        found = _IDENTITY.search(key_file.read_text(encoding="utf-8"))
        return str(x25519.Identity.from_str(found[0]).to_public()) if found else _no_key(key_file)
    except (OSError, ValueError, IdentityError):
        return _no_key(key_file)


def _no_key(key_file: Path) -> str:
    raise SecretsError(f"{key_file} holds no age key that can be read.", "Move it away, or give another path.")


def _fingerprint_key(folder: Path, file: str, sops: Sops, key_file: Path, key: SecretValue) -> bool:
    """Make the SOPS file, or give it its fingerprint key; False where it has one."""
    path = folder / file
    if not path.exists():
        _write(path, sops.encrypt({FINGERPRINT_KEY: key}, file, folder / CONFIG))
        return True
    content = path.read_bytes()
    if parse_sops_file(content, file).has_fingerprint_key:
        return False
    _write(path, sops.with_value(content, FINGERPRINT_KEY, key, file, key_file))
    return True


def _write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    try:
        atomic.write(path, content, mode=mode)
    except OSError as problem:
        raise SecretsError(f"{path} cannot be written: {problem.strerror}.", "Check its folder and the disk.") from None
