"""What an Action is made of, wherever it lives."""

from typing import Literal

from reconciler.model.frozen import Frozen


class Trigger(Frozen):
    """The moment an action is written for, as the platform names it: `post-login`, version `v3`."""

    id: str
    version: str


class Dependency(Frozen):
    """One npm package at one exact version."""

    name: str
    version: str


class ModuleUse(Frozen):
    """A module that an action requires, at one published version.

    `number` 0 stands for `latest` where git asks for it: a plan finds the number, in the tenant no use is without one.
    """

    name: str
    number: int = 0


class Content(Frozen):
    """All that makes a version what it is, apart from its secrets. Built by `engine.normalize.content` only,
    so that two contents are equal exactly when they would run the same."""

    trigger: Trigger
    runtime: str
    code: str
    dependencies: tuple[Dependency, ...] = ()
    modules: tuple[ModuleUse, ...] = ()


class Secret(Frozen):
    """A secret that git wants an action to have; never its value.

    `kind` encrypted and plain are written by us and carry a keyed fingerprint; keep lives in the dashboard:
    it must exist there and is never written. `source` tells without any key whether git's value is the same as at
    another commit: the digest of what stands in git of it, be it encrypted.
    """

    name: str
    kind: Literal["encrypted", "plain", "keep"]
    fingerprint: str = ""
    source: str = ""


class Action(Frozen):
    """An action as git wants it. `path` is its folder in the repository, with slashes."""

    name: str
    path: str
    content: Content
    secrets: tuple[Secret, ...] = ()
    description: str = ""
    owner: str = ""
