"""What the embedded tenant asks of its Node host, and who answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from reconciler.model.case import Stub
from reconciler.model.execution import Call, Execution


@dataclass(frozen=True)
class JobModule:
    """A module as a version of an action has it: its code requires it as `actions:NAME`. `packages` is a folder with a
    node_modules in it; the module's code reads its own secrets as `actions.secrets.NAME`."""

    name: str
    code: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    packages: Path | None = None


@dataclass(frozen=True)
class Job:
    """One run of one handler.

    `key` names the module state that is kept between runs (a version's id), unless `fresh`. `domain` names whose code
    this is, the key where it is empty: jobs of one domain share a Node process, jobs of different domains never do.
    `packages` is a folder with a node_modules in it. `event` is whole, without secrets; `secrets` are laid into
    event.secrets inside the host only, and stay out of the repr. `stubs` None lets requests out to the network;
    otherwise every request is answered by a stub or refused. `limit` is in seconds, from the moment the job is given:
    what is left to the flow; the host's own limit for a run holds beside it. `runtime` is the one the action asks for.
    `so_far` is what limits of api are counted with besides: sizes of what earlier actions did. `heard` gets
    every call as it comes, with secret values still in it.

    For cases only: `now` is where the clock stands, `seed` what all randomness is made of, `cache` what api.cache holds
    when it begins, each record for the documented time; `answered` says how many requests of earlier runs each of the
    stubs answered.
    """

    key: str
    action: str
    trigger: str
    handler: str
    code: str
    event: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    packages: Path | None = None
    modules: tuple[JobModule, ...] = ()
    stubs: tuple[Stub, ...] | None = None
    fresh: bool = False
    domain: str = ""
    limit: float | None = None
    runtime: str = ""
    so_far: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    seed: int | str | None = None
    cache: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[int, int] = field(default_factory=dict)
    heard: Callable[[Call], None] | None = field(default=None, repr=False, compare=False)

    @property
    def owner(self) -> str:
        """Whose process runs it."""
        return self.domain or self.key

    @property
    def folders(self) -> tuple[Path, ...]:
        """The real paths of the package folders that its code may read."""
        given = (self.packages, *(module.packages for module in self.modules))
        return tuple(sorted({folder.resolve() for folder in given if folder}))

    @property
    def hidden(self) -> dict[str, str]:
        """Name -> value of every secret that its code can read: the action's and those of its modules."""
        own = {f"{module.name}.{name}": value for module in self.modules for name, value in module.secrets.items()}
        return {**own, **self.secrets}

    def secret_values(self) -> tuple[str, ...]:
        """Every secret value that its code can read, also where two would share a name in `hidden`."""
        everyone = (self.secrets, *(module.secrets for module in self.modules))
        return tuple(value for secrets in everyone for value in secrets.values())


class Runner(Protocol):
    """Runs jobs; what the code does wrong comes back inside the Execution, never as an exception. With the network
    open, no value of a secret is in it."""

    async def run(self, job: Job) -> Execution: ...


Install = Callable[[Mapping[str, str]], Awaitable[Path]]
"""Gives a folder whose node_modules holds those packages (name -> exact version); raises PackageError with why."""
