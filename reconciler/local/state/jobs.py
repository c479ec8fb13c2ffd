"""What runs when the code of a draft or a version runs: its packages, its secrets, the job as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.local.means import Means
from reconciler.local.node.job import Install, Job
from reconciler.local.state.material import Material, secret_values


@dataclass(frozen=True)
class Runnable:
    """A draft or a version, as far as running it goes. `key` names its kept module state; `packages` is the folder that
    its build gave."""

    key: str
    action: str
    material: Material
    packages: str | None = None


async def job(
    what: Runnable, handler: str, event: Mapping[str, Any], install: Install, means: Means, *, fresh: bool = False
) -> Job:
    """The job that runs that handler with that event. PackageError where its packages are gone and cannot be installed
    again."""
    return Job(
        key=what.key,
        action=what.action,
        trigger=what.material.trigger_id,
        handler=handler,
        code=what.material.code,
        event=event,
        secrets=secret_values(what.material, means.keys),
        packages=await provided(what.material, what.packages, install),
        fresh=fresh,
    )


async def provided(material: Material, kept: str | None, install: Install) -> Path | None:
    """The folder that its build gave; None where it needs no packages.

    A folder that is gone since, because the store was emptied or the tenant's directory was moved, is installed again.
    PackageError where that fails.
    """
    if not material.dependencies:
        return None
    folder = Path(kept) if kept else None
    return folder if folder and folder.is_dir() else await install(material.packages())
