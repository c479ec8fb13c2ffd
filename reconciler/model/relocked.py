"""What a new lock says otherwise than the one before it."""

from reconciler.model.frozen import Frozen


class Brought(Frozen):
    """What a direct dependency brings. `size` is the bytes of its files and of those of all packages that come along,
    `along` how many these are; `scripts` names those of them all that have an install script."""

    size: int
    along: int
    scripts: tuple[str, ...] = ()


class DependencyChange(Frozen):
    """One direct dependency of an action, or of a module (`modules/NAME`).

    `before` is empty when it is new, `after` where the lock has it no more. Of a module that an action uses as latest
    they are the beginnings of its digest. `license` (empty where the package names none) and `brought` are those of
    what is locked now: None for a module, and for what is locked no more.
    """

    owner: str
    package: str
    before: str
    after: str
    license: str | None = None
    brought: Brought | None = None


class LicenseChange(Frozen):
    """A package of `owners` whose license is another one now, also where it only comes along; empty where it names
    none."""

    package: str
    before: str
    after: str
    owners: tuple[str, ...]


class Relocked(Frozen):
    """What changed: direct dependencies by owner and name, licenses, and `scripts`: packages with an install script
    that no set had before. A lock may be `written` for packages alone that come along."""

    written: bool = False
    dependencies: tuple[DependencyChange, ...] = ()
    licenses: tuple[LicenseChange, ...] = ()
    scripts: tuple[str, ...] = ()
