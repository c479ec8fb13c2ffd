"""What the embedded tenant asks of its Node host, and who answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reconciler.model.case import Stub
from reconciler.model.execution import Execution


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

    `key` names the module state that is kept between runs (a version's id), unless `fresh`. `packages` is a folder with
    a node_modules in it. `event` is whole, without secrets; `secrets` are laid into event.secrets inside the host only,
    and stay out of the repr. `stubs` None lets requests out to the network; otherwise every request is answered by a
    stub or refused. `cache` are the records of api.cache that the run starts with, key -> {value, expires_at}, and
    `so_far` the effects of earlier actions of the flow, which some limits of api are counted with. `heard` gets every
    message of the host as it comes, with secret values still in it: calls, and changes of the cache.
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
    cache: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    so_far: Mapping[str, Any] = field(default_factory=dict)
    heard: Callable[[Mapping[str, Any]], None] | None = field(default=None, repr=False, compare=False)

    def secret_values(self) -> tuple[str, ...]:
        """Every secret value that the run can see: the action's own and its modules'."""
        own = (self, *self.modules)
        return tuple(value for each in own for value in each.secrets.values())


class Runner(Protocol):
    """Runs jobs; what the code does wrong comes back inside the Execution, never as an exception."""

    async def run(self, job: Job) -> Execution: ...


Install = Callable[[Mapping[str, str]], Awaitable[Path]]
"""Gives a folder whose node_modules holds those packages (name -> exact version); raises PackageError with why."""
