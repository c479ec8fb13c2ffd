"""The event that a case begins with, where it is in a file beside it."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from reconciler.catalogue.triggers import triggers
from reconciler.desired.located_yaml import MOST_BYTES, byte_span, parse
from reconciler.engine.log_events import NoEntry, log_event
from reconciler.engine.overlay import laid_over
from reconciler.errors import Diagnostic, Span
from reconciler.model.case import Scene

Place = Callable[[str], Span]
"""Where a field of a case stands."""

_DATA = (".json", ".yaml", ".yml")


class Begun(NamedTuple):
    """What a case begins with: the event in its file, None for the trigger's sample event; and the instant that its log
    entry tells of."""

    event: Mapping[str, Any] | None = None
    now: datetime | None = None


@dataclass
class EventFiles:
    """Reads the event files of cases; several cases may share one. `paths` are all files of the tree, `content` gives
    one of them. What is wrong goes to `report`, in a file itself once only."""

    paths: Set[str]
    content: Callable[[str], bytes]
    report: Callable[[Diagnostic], None]
    _values: dict[str, Any] = field(default_factory=dict)

    def begun(self, scene: Scene, folder: str, trigger: str, place: Place) -> Begun:
        """What that case begins with, also where something is wrong with its files; `folder` is where it is written."""
        if scene.event_file and scene.from_log:
            message = "a case begins with `event_file` or with `from_log`, not with both."
            self.report(Diagnostic(place("from_log"), message, "Remove one of them."))
        elif scene.event_file:
            event = self._value(scene.event_file, folder, place("event_file"))
            if event is not None and not isinstance(event, Mapping):
                message = f"'{scene.event_file}' holds no event: it must be a mapping of names to values."
                self.report(Diagnostic(place("event_file"), message))
            elif isinstance(event, Mapping) and event.get("secrets"):
                message = f"'{scene.event_file}' holds secrets, in clear."
                remedy = "Take them out of it, and write test values under `secrets:` of the case."
                self.report(Diagnostic(place("event_file"), message, remedy))
            return Begun(event if isinstance(event, Mapping) else None)
        elif scene.from_log and trigger in triggers():
            return self._told(scene.from_log, folder, trigger, place("from_log"))
        return Begun()

    def _told(self, name: str, folder: str, trigger: str, place: Span) -> Begun:
        facts = triggers()[trigger]
        entry = self._value(name, folder, place)
        if entry is None:
            return Begun()
        try:
            told = log_event(entry, facts)
        except NoEntry as problem:
            message = f"'{name}' is no entry of a tenant's log: {problem}."
            self.report(Diagnostic(place, message, "`reconciler logs --format json` shows entries."))
            return Begun()
        return Begun(laid_over(facts.sample_event, told.overlay), told.now)

    def _value(self, name: str, folder: str, place: Span) -> Any:
        """What the file holds; None where it cannot be read or is empty, which is reported."""
        path = posixpath.normpath(posixpath.join(folder, name))
        problem = self._unusable(name, path)
        if problem:
            self.report(Diagnostic(place, problem, f"Name a file relative to {folder}/."))
            return None
        if path not in self._values:
            self._values[path] = self._parsed(path)
        return self._values[path]

    def _unusable(self, name: str, path: str) -> str:
        if name.startswith("/") or "\\" in name or path == ".." or path.startswith("../"):
            return f"'{name}' must be inside the repository."
        if path not in self.paths:
            return f"file {path} is missing."
        return "" if path.endswith(_DATA) else f"'{name}' must be YAML or JSON: a name that ends in .yaml or .json."

    def _parsed(self, path: str) -> Any:
        content = self.content(path)
        if not path.endswith(".json"):
            source = parse(content, path)
            for found in source.diagnostics:
                self.report(found)
            if source.value is None and not source.broken:
                self.report(Diagnostic(Span(path, 1, 1), "the file is empty.", "Fill it in."))
            return source.value
        value, problem = _json(content, path)
        if problem:
            self.report(problem)
        return value


def _json(content: bytes, path: str) -> tuple[Any, Diagnostic | None]:
    """JSON by its own rules: YAML takes neither tabs nor the pairs that JSON writes some signs with."""
    if len(content) > MOST_BYTES:
        return None, Diagnostic(Span(path), f"the file is larger than {MOST_BYTES} bytes.", "Make it smaller.")
    try:
        value = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as problem:
        return None, Diagnostic(byte_span(content, problem.start, path), "the text is not UTF-8.", "Save it as UTF-8.")
    except json.JSONDecodeError as problem:
        place = Span(path, problem.lineno, problem.colno)
        return None, Diagnostic(place, f"this is not valid JSON: {problem.msg[0].lower()}{problem.msg[1:]}.")
    except (ValueError, RecursionError) as problem:
        return None, Diagnostic(Span(path), f"this is not valid JSON: {problem}.")
    return value, None if value is not None else Diagnostic(Span(path, 1, 1), "the file is empty.", "Fill it in.")


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")
