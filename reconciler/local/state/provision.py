"""Where the packages of a draft or a version are when its code runs."""

from __future__ import annotations

from pathlib import Path

from reconciler.local.node.job import Install
from reconciler.local.state.material import Material


async def provided(material: Material, kept: str | None, install: Install) -> Path | None:
    """The folder that its build gave; None where it needs no packages.

    A folder that is gone since, because the store was emptied or the tenant's directory was moved, is installed again.
    PackageError where that fails.
    """
    if not material.dependencies:
        return None
    folder = Path(kept) if kept else None
    return folder if folder and folder.is_dir() else await install(material.packages())
