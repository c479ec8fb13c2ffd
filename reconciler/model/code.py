"""What reading code tells without running it. Every place counts lines and columns from 1."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands in a code file."""

    line: int
    column: int


class SyntaxProblem(NamedTuple):
    """Why code does not parse, in the parser's words."""

    message: str
    line: int
    column: int


class Required(NamedTuple):
    """`require("NAME")` or `import("NAME")`; `guarded` where the code goes on without it (`try`)."""

    name: str
    at: Place
    guarded: bool = False


class SecretUse(NamedTuple):
    """A secret that is read by name; `root` says whose: `event` (an action's) or `actions` (a module's). `spared` where
    the code goes on without it: it asks whether it is there, or has a value of its own ready."""

    root: str
    name: str
    at: Place
    spared: bool = False


class MethodUse(NamedTuple):
    """A group (`access`) or method (`access.deny`) of api that is read; `guarded` where the code asks whether it is
    there."""

    name: str
    at: Place
    guarded: bool = False


class Printed(NamedTuple):
    """A secret that is handed to a method of console; `name` is empty where it is all of them at once."""

    root: str
    name: str
    method: str
    at: Place


class Newer(NamedTuple):
    """Syntax that not every Node of the platform has; `feature` is a key of catalogue.node_releases.SYNTAX."""

    feature: str
    at: Place


class Sent(NamedTuple):
    """A request: `what` is the address as far as the code alone tells it, or the function that is called."""

    what: str
    at: Place


class IgnoreComment(NamedTuple):
    """A comment that says to leave a finding alone: its text after the mark, and the line that it is about."""

    text: str
    at: Place
    target: int


class CodeFacts(NamedTuple):
    """Either the first syntax error, or all that reading tells.

    `handlers` maps every exported name to the place of its first export, in order of place; None where the exports
    cannot be followed by reading alone (a bundler's output, `module.exports = require(...)`). `requires_more` says that
    the code may require what it does not name, `secrets_open` whose secrets it may read otherwise than by name. `plain`
    are requests without TLS, `untimed` those that are awaited without a time limit.
    """

    error: SyntaxProblem | None = None
    handlers: Mapping[str, Place] | None = MappingProxyType({})
    requires: tuple[Required, ...] = ()
    requires_more: bool = False
    secrets: tuple[SecretUse, ...] = ()
    secrets_open: frozenset[str] = frozenset()
    methods: tuple[MethodUse, ...] = ()
    printed: tuple[Printed, ...] = ()
    newer: tuple[Newer, ...] = ()
    plain: tuple[Sent, ...] = ()
    untimed: tuple[Sent, ...] = ()
    remarks: tuple[IgnoreComment, ...] = ()
