"""YAML text to plain values, where every value and every key knows its place.

The rules are those of YAML 1.2 with the surprises taken out: only `true` and `false` are booleans, only plain decimal
numbers are numbers, there are no timestamps, octals, merge keys or tags, and no key may stand twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from reconciler.desired.plain_yaml import LOADER, MOST_DEPTH, MOST_VALUES, Mark, Path, Places, Unusual, plain, scalar
from reconciler.errors import Diagnostic, Span

MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Source:
    """One parsed YAML file. `value` is None where the file is empty or `broken` (its syntax is wrong). `top` has the
    places of what stands at its top; where they are the `whole`, those of everything."""

    file: str
    value: Any
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: bool = False
    text: str = field(default="", repr=False)
    top: Places = field(default_factory=Places, repr=False, compare=False)
    whole: bool = True

    def span(self, *path: str | int) -> Span:
        """Where the value at that path stands; the nearest enclosing place where it is not in the file."""
        values = self._places(path).values
        while path and path not in values:
            path = path[:-1]
        return _place(values[path], self.file) if path in values else Span(self.file)

    def key(self, *path: str | int) -> Span:
        """Where the key of that path stands; for a position in a list, where the value stands."""
        keys = self._places(path).keys
        return _place(keys[path], self.file) if path in keys else self.span(*path)

    def _places(self, path: Path) -> Places:
        return self.top if self.whole or len(path) < 2 else self._every_place

    @cached_property
    def _every_place(self) -> Places:
        return carefully_parsed(self.text, self.file).top


def parse(content: bytes, file: str) -> Source:
    """Parse one file. Never raises for what the file says: every problem is a diagnostic with its place."""
    if len(content) > MOST_BYTES:
        return _broken(Diagnostic(Span(file), f"the file is larger than {MOST_BYTES} bytes.", "Make it smaller."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return _broken(
            Diagnostic(byte_span(content, problem.start, file), "the text is not UTF-8.", "Save it as UTF-8.")
        )
    try:
        value, top = plain(text)
    except Unusual:
        return carefully_parsed(text, file)
    return Source(file, value, text=text, top=top, whole=False)


def carefully_parsed(text: str, file: str) -> Source:
    """What `parse` makes of a file, with every problem and all places in one go."""
    return _Reader(text, file).source()


def byte_span(content: bytes, offset: int, file: str) -> Span:
    """The line and column of a byte; columns count characters."""
    before = content[:offset]
    line_start = before.rfind(b"\n") + 1
    return Span(file, before.count(b"\n") + 1, len(before[line_start:].decode("utf-8", "replace")) + 1)


def _broken(diagnostic: Diagnostic) -> Source:
    return Source(diagnostic.span.file, None, (diagnostic,), broken=True)


class _Stop(Exception):
    """The rest of the file cannot be read; the reason is among the diagnostics."""


@dataclass
class _Reader:
    """Builds the value from the parser's events.

    Not from composed nodes: libyaml's composer recurses in C and takes the process down on deep nesting.
    """

    text: str
    file: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    count: int = 0

    def source(self) -> Source:
        value, broken = None, False
        try:
            value = self._document()
        except _Stop:
            broken = True
        except yaml.MarkedYAMLError as problem:
            broken = True
            self.diagnostics.append(_syntax_problem(problem, self.file))
        except yaml.reader.ReaderError as problem:
            broken = True
            place = byte_span(self.text[: problem.position].encode(), len(self.text.encode()), self.file)
            self.diagnostics.append(Diagnostic(place, "there is a control character here.", "Remove it."))
        places = Places(self.values, self.keys)
        return Source(self.file, value, tuple(self.diagnostics), broken, self.text, places)

    def _document(self) -> Any:
        events: Iterator[Any] = yaml.parse(self.text, Loader=LOADER)
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, "the file holds more than one YAML document.", "Keep one; remove the `---`.")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, events, ())
        return value

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.values[path] = event.start_mark
        self.count += 1
        if len(path) > MOST_DEPTH:
            self._stop(event, f"the nesting is deeper than {MOST_DEPTH} levels.", "Make it flatter.")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag:
            self._report(event, f"tag '{event.tag}' is not allowed.", "Write the value without it.")
        before = self.count
        value = self._untagged(event, events, path)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.count - before + 1)
        return value

    def _untagged(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        return self._sequence(events, path)

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, path)
            if key is None or key in fields:
                self._skip(events, path)
            if key is None:
                continue
            below = (*path, key)
            if key in fields:
                message = f"key '{key}' stands twice; the first is in line {self.keys[below].line + 1}."
                self._report(event, message, "Keep one of them.")
                continue
            self.keys[below] = event.start_mark
            fields[key] = self._value(next(events), events, below)
        return fields

    def _key(self, event: Any, events: Iterator[Any], path: Path) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            self._discard(event, events, path)
            self._report(event, "a key must be text.", "Write a plain word before the colon.")
            return None
        if event.implicit[0] and event.value == "<<":
            self._report(event, "merge keys (<<) are not part of YAML 1.2.", "Write the fields out.")
            return None
        if event.implicit[0] and not isinstance(scalar(event.value), str):
            self._report(event, f"key {event.value or 'without a name'} is not text.", "Put it in quotes.")
            return None
        return str(event.value)

    def _skip(self, events: Iterator[Any], path: Path) -> None:
        self._discard(next(events), events, path)

    def _discard(self, event: Any, events: Iterator[Any], path: Path) -> None:
        aside = _Reader(self.text, self.file, self.diagnostics, anchors=self.anchors, count=self.count)
        aside._value(event, events, (*path, "?"))
        self.count = aside.count

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            self._stop(event, f"alias '*{event.anchor}' has no anchor before it.", f"Write '&{event.anchor}' first.")
        value, size = self.anchors[event.anchor]
        self.count += size
        if self.count > MOST_VALUES:
            self._stop(event, f"aliases blow the file up to more than {MOST_VALUES} values.", "Use fewer aliases.")
        return value

    def _report(self, event: Any, message: str, remedy: str) -> None:
        self.diagnostics.append(Diagnostic(_place(event.start_mark, self.file), message, remedy))

    def _stop(self, event: Any, message: str, remedy: str) -> None:
        self._report(event, message, remedy)
        raise _Stop


def _place(mark: Mark, file: str) -> Span:
    return Span(file, mark.line + 1, mark.column + 1)


def _syntax_problem(problem: yaml.MarkedYAMLError, file: str) -> Diagnostic:
    mark = problem.problem_mark or problem.context_mark
    place = _place(mark, file) if mark else Span(file)
    words = (problem.problem or "it cannot be read").rstrip(".")
    context = f" ({problem.context})" if problem.context else ""
    remedy = "Indent with spaces." if "tab" in words or "any token" in words else "Mend the syntax."
    return Diagnostic(place, f"this is not valid YAML: {words}{context}.", remedy)
