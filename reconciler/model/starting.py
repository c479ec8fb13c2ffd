"""What a repository, an action, a flow or a module is begun with, and what came of it."""

from typing import Literal

from pydantic import Field

from reconciler.model.frozen import Frozen


class Offer(Frozen):
    """A template as people choose one. `secrets` are the keys of the tenant's SOPS file that need a value, `settings`
    the names of what is written in clear, `packages` those of npm, each with its range; `finish` is what is left to do
    for whoever takes it, a sentence each."""

    name: str
    title: str
    description: str
    trigger: str
    use_case: str
    secrets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    packages: dict[str, str] = Field(default_factory=dict)
    finish: tuple[str, ...] = ()


class Unset(Frozen):
    """A key that a tenant's SOPS file does not have yet."""

    tenant: str
    key: str


class Added(Frozen):
    """What was added to a repository, paths below its folder. `unset` are keys without a value yet; `homeless` the
    tenants that have no SOPS file for them; `finish` is what is left to do, a sentence each."""

    kind: Literal["action", "flow", "module"]
    name: str
    made: tuple[str, ...]
    changed: tuple[str, ...] = ()
    unset: tuple[Unset, ...] = ()
    homeless: tuple[str, ...] = ()
    finish: tuple[str, ...] = ()


class Begun(Frozen):
    """A repository that was made. `folder` and `key_file` are paths of this machine; `made` and `changed` are paths
    below the git repository's top, `kept` those that were there and stay as they are. `new_key` says whether the age
    key was made now, `new_git` whether the git repository was."""

    name: str
    folder: str
    made: tuple[str, ...]
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    key_file: str
    new_key: bool
    new_git: bool
