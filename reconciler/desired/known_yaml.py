"""What files of cases held when they were read before, kept so that they need not be parsed again: reading YAML takes
most of what loading them takes. It depends on their content alone.

For running cases only, never for what is planned or deployed: whoever can write there can say what a case is. Values of
encrypted files are not among them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic_core import from_json

from reconciler.desired import atomic, located_yaml, plain_yaml
from reconciler.desired.located_yaml import Source, parse
from reconciler.desired.plain_yaml import Places

FILE = "cases.json"
ALIAS = re.compile(rb"(?:^|[\s\[{,:-])\*[^\s,\]}]")
"""May be an alias. What it stands for would be written out each time, which can be more than any disk holds."""


class _Place(NamedTuple):
    line: int
    column: int


class KnownYaml:
    """Parses files as `parse` does, and remembers those that hold a list and nothing unusual. `folder` is where it is
    kept; with None it is not."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._used: dict[str, Any] = {}

    def parsed(self, content: bytes, file: str) -> Source:
        """What `parse` makes of that file."""
        if self._folder is None:
            return parse(content, file)
        digest = hashlib.sha256(content).hexdigest()
        kept = self._kept.get(digest)
        if kept is not None and (source := _source(kept, content, file)):
            self._used[digest] = kept
            return source
        source = parse(content, file)
        if not source.whole and isinstance(source.value, list) and not ALIAS.search(content):
            self._used[digest] = [source.value, [(mark.line, mark.column) for mark in _marks(source)]]
        return source

    def keep(self) -> None:
        """Keeps what was parsed and nothing else, where there is a folder: who only reads is to find no new one."""
        if self._folder and self._folder.is_dir() and self._used.keys() != self._kept.keys():
            text = json.dumps({"reader": _reader(), "files": self._used}, separators=(",", ":"))
            with suppress(OSError):  # as where the disk can only be read
                atomic.write(self._folder / FILE, text.encode())

    @cached_property
    def _kept(self) -> dict[str, Any]:
        if self._folder:
            with suppress(OSError, ValueError, KeyError, TypeError):  # then it is read again
                kept = from_json((self._folder / FILE).read_bytes())
                if kept["reader"] == _reader():
                    return dict(kept["files"])
        return {}


def _source(kept: Any, content: bytes, file: str) -> Source | None:
    """The source again; None where what is on disk is nothing that was written here."""
    with suppress(ValueError, TypeError, OverflowError):
        value, marks = kept
        steps: list[plain_yaml.Path] = [(), *((at,) for at in range(len(value)))]
        places: dict[plain_yaml.Path, plain_yaml.Mark] = dict(
            zip(steps, (_Place(*map(int, mark)) for mark in marks), strict=True)
        )
        if isinstance(value, list):
            return Source(file, value, text=content.decode("utf-8-sig"), top=Places(values=places), whole=False)
    return None


def _marks(source: Source) -> Iterator[plain_yaml.Mark]:
    values = source.top.values
    yield values[()]
    yield from (values[(at,)] for at in range(len(source.value)))


def _reader() -> str:
    """Changes with what parses."""
    every = hashlib.sha256(yaml.__version__.encode())
    for module in (plain_yaml.__file__, located_yaml.__file__, __file__):
        every.update(Path(module).read_bytes())
    return every.hexdigest()
