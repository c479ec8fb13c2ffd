"""Modules: code that several actions require as `actions:NAME`. Source: wire.md, section 4."""

import posixpath

from reconciler.model.action import Dependency, Secret
from reconciler.model.frozen import Frozen
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp


class ModuleContent(Frozen):
    """All that makes a module's version what it is, apart from its secrets. Built by `engine.normalize` only."""

    code: str
    dependencies: tuple[Dependency, ...] = ()


class Module(Frozen):
    """A module as git wants it. `path` is its folder in the repository, `modules/NAME`: no action can have that for a
    name, so it stands for the module wherever actions and modules are named side by side."""

    name: str
    path: str
    content: ModuleContent
    secrets: tuple[Secret, ...] = ()
    description: str = ""
    owner: str = ""


class ModuleDraft(Frozen):
    """The editable copy of a module."""

    content: ModuleContent
    secrets: tuple[SecretStamp, ...] = ()
    updated_at: str = ""
    provenance: Provenance | None = None


class ModuleVersion(Frozen):
    """One published state of a module; it never changes."""

    id: str
    number: int
    content: ModuleContent
    secrets: tuple[SecretStamp, ...] = ()
    created_at: str = ""
    provenance: Provenance | None = None


class LiveModule(Frozen):
    """A module as the tenant has it; `versions` newest first, none before it is first published. `users` counts the
    deployed actions that require it."""

    id: str
    name: str
    draft: ModuleDraft
    versions: tuple[ModuleVersion, ...] = ()
    users: int = 0

    @property
    def origin(self) -> Provenance | None:
        """What the module says of where it comes from: its newest version's word, the draft's before the first."""
        return self.versions[0].provenance if self.versions else self.draft.provenance

    @property
    def owner(self) -> str:
        """The repository that the module comes from: the word of the newest version that has one, for whoever publishes
        other code over git's by hand may leave its line out. Empty for a module that git did not make, or whose line
        was copied from another one."""
        told = [version.provenance for version in self.versions] if self.versions else [self.draft.provenance]
        origin = next(filter(None, told), None)
        return origin.repo if origin and posixpath.basename(origin.path) == self.name else ""
