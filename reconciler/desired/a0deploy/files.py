"""The files of a configuration as plain values, with no word understood yet."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from reconciler.desired.a0deploy.markers import hidden, quoted, shown
from reconciler.errors import Diagnostic, InvalidInput, Span

YAML_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Raw:
    """One configuration. `folder` is what its code paths are relative to; numbers are kept as they were written."""

    folder: Path
    actions: Sequence[Mapping[str, Any]] = ()
    modules: Sequence[Mapping[str, Any]] = ()
    triggers: Mapping[str, Any] = field(default_factory=dict)


def load_raw(path: Path) -> Raw:
    """The configuration at a path: a directory with actions/, action-modules/ and triggers/, or a YAML file.

    Raises InvalidInput with the place of what cannot be read, and for a path that holds no configuration.
    """
    if path.is_dir():
        raw = _directory(path)
    elif path.suffix in YAML_ENDINGS:
        raw = _file(path)
    else:
        raise _wrong(path, "this is no configuration.", "Name a directory, or a .yaml file.")
    if not raw.actions and not raw.modules:
        raise _wrong(path, "the configuration holds no actions.", "Name the one that auth0-deploy-cli deploys from.")
    return raw


def load_code(folder: Path, written: str) -> str | None:
    """The text of a code file inside the configuration; None where there is none.

    Paths of older configurations begin with the name of the configuration's folder.
    """
    path = written.replace("\\", "/")
    for inside in (path, path.removeprefix("./").partition("/")[2]):
        file = _inside(folder, inside) if inside else None
        if file is not None:
            return _text(file)
    return None


def _inside(folder: Path, path: str) -> Path | None:
    try:
        file = (folder / path).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (OSError, ValueError):  # no name that a disk takes, such as the code itself
        return None


def _directory(path: Path) -> Raw:
    triggers = _jsons(path / "triggers")[:1]
    return Raw(
        folder=path,
        actions=[_mapping(file, _json(file)) for file in _jsons(path / "actions")],
        modules=[_mapping(file, _json(file)) for file in _jsons(path / "action-modules")],
        triggers=_mapping(triggers[0], _json(triggers[0])) if triggers else {},
    )


def _file(path: Path) -> Raw:
    value = _mapping(path, _yaml(path) or {})
    listed = {name: value.get(name) or [] for name in ("actions", "actionModules")}
    for name, items in listed.items():
        if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
            raise _wrong(path, f"'{name}' is not a list of mappings.", "Write one entry for each.")
    return Raw(
        folder=path.parent,
        actions=listed["actions"],
        modules=listed["actionModules"],
        triggers=_mapping(path, value.get("triggers") or {}),
    )


def _jsons(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def _json(file: Path) -> Any:
    try:
        return json.loads(quoted(_text(file)), parse_int=str, parse_float=str)
    except json.JSONDecodeError as broken:
        place = Span(str(file), broken.lineno, broken.colno)
        raise InvalidInput([Diagnostic(place, f"this is not valid JSON: {broken.msg}.")], "the configuration") from None
    except RecursionError:
        raise _wrong(file, "this is nested too deeply.", "") from None


def _yaml(file: Path) -> Any:
    try:
        return shown(yaml.load(hidden(_text(file)), Loader=_Strings))
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark
        place = Span(str(file), mark.line + 1, mark.column + 1) if mark else Span(str(file))
        raise InvalidInput(
            [Diagnostic(place, f"this is not valid YAML: {broken.problem or broken.context}.")], "the configuration"
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise _wrong(file, "this is not valid YAML.", "") from None


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(file, "the text is not UTF-8.", "Save it as UTF-8.") from None
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else "unreadable"
        raise _wrong(file, f"the file cannot be read: {reason}.", "") from problem


def _mapping(file: Path, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(file, "this is not a mapping.", "Look at what auth0-deploy-cli exports.")
    return value


def _wrong(path: Path, message: str, remedy: str) -> InvalidInput:
    return InvalidInput([Diagnostic(Span(str(path)), message, remedy)], "the configuration")


class _Strings(yaml.SafeLoader):
    """Reads every scalar as the text it was written as: a version 1.10 is not 1.1."""


_Strings.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] == "tag:yaml.org,2002:merge"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
