"""Exact npm versions for every dependency of every action."""

from pydantic import Field

from reconciler.model.frozen import Frozen

MODULES = "modules/"
"""What the names of modules begin with where they stand beside those of actions: no action can be called so in git."""

_NAME = r"(@[A-Za-z0-9~_-][A-Za-z0-9._~-]*/)?[A-Za-z0-9~_-][A-Za-z0-9._~!'()*-]*"
_HASH = r"sha(1|256|384|512)-[A-Za-z0-9+/]+=*"
PACKAGE_PATH = rf"^node_modules/{_NAME}(/node_modules/{_NAME})*$"
PACKAGE_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$"
PACKAGE_NAME = f"^({_NAME})?$"
INTEGRITY = f"^{_HASH}( {_HASH})*$"


class LockedPackage(Frozen):
    """One package of a resolved tree: where npm puts it (`node_modules/axios`), its version and its SRI hash.

    `name` is what the registry calls it, where a package that needs it goes by another name (an alias); `license` is
    what the package says of itself, as SPDX names it, empty where it says nothing.
    """

    path: str = Field(pattern=PACKAGE_PATH)
    version: str = Field(pattern=PACKAGE_VERSION)
    integrity: str = Field(pattern=INTEGRITY)
    name: str = Field(default="", pattern=PACKAGE_NAME)
    license: str = ""

    @property
    def called(self) -> str:
        """The name that code requires it by."""
        return self.path.rpartition("node_modules/")[2]

    @property
    def registered(self) -> str:
        """The name that the registry knows it by."""
        return self.name or self.called


class LockedSet(Frozen):
    """What one action's dependencies resolved to: what was asked (name -> range), the exact version of each of those
    (name -> version), and the whole tree npm made of it, in path order."""

    ranges: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    packages: tuple[LockedPackage, ...] = ()


class Lock(Frozen):
    """The content of reconciler.lock: action or module name -> what its dependencies resolved to.

    Those without dependencies are not in it. `uses` holds, for each action that uses modules as `latest`, module name
    -> digest of what that module holds: what `latest` means, so that a changed module shows there for each action.
    """

    version: int = 1
    actions: dict[str, LockedSet] = Field(default_factory=dict)
    modules: dict[str, LockedSet] = Field(default_factory=dict)
    uses: dict[str, dict[str, str]] = Field(default_factory=dict)

    @property
    def sets(self) -> dict[str, LockedSet]:
        """Owner -> what its dependencies resolved to. An action goes by its name, a module by `modules/NAME`."""
        return self.actions | {f"{MODULES}{name}": locked for name, locked in self.modules.items()}
