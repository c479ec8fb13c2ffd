"""The folder of an action in the repository.

It has the action's own name. A tenant takes names that no folder can have (`Enrich: token`), and two names that some
disks take for one (`Greet` and `greet`): then the folder has the safe form of the name, which ends in a part of the
name's digest. Either can be told from the name alone, so that a provenance that names another folder is known to be
copied along with the code.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping

LONGEST = 120
"""Bytes of a folder's name: file systems take 255, and the files in it need some."""

_UNSAFE = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f]+")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
"""Names that Windows keeps for itself, with any ending."""


def folders(name: str) -> tuple[str, str]:
    """The names that an action's folder may have: its own, and the safe form of it."""
    return name, safe(name)


def is_of(path: str, name: str) -> bool:
    """Whether the folder at that path, with slashes, is one that the action of that name may have."""
    return posixpath.basename(path) in folders(name)


def safe(name: str) -> str:
    """A name that every disk takes for a folder, other for every action: `Enrich- token-5c0ff1`."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    kept = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip(" .")
    if not kept or _device(kept):
        kept = f"action-{kept}".strip("-")
    room = LONGEST - len(digest) - 1
    return f"{kept.encode()[:room].decode(errors='ignore')}-{digest}"


def is_safe(name: str) -> bool:
    """Whether every disk takes the name itself for a folder and gives it back as it is."""
    return (
        0 < len(name.encode()) <= LONGEST
        and not _UNSAFE.search(name)
        and name == unicodedata.normalize("NFC", name)
        and name == name.strip(" .")
        and not _device(name)
    )


def folders_of(names: Iterable[str], taken: Iterable[str] = ()) -> Mapping[str, str]:
    """A folder for each name, no two of which are one on any disk; `taken` are folders that are there already.

    The first of two names that differ in their case only, in code point order, gets a folder of its own name.
    """
    used = {_folded(folder) for folder in taken}
    found = {}
    for name in sorted(set(names)):
        own = is_safe(name) and _folded(name) not in used
        found[name] = name if own else safe(name)
        used.add(_folded(found[name]))
    return found


def _device(name: str) -> bool:
    return name.partition(".")[0].casefold() in _DEVICES


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
