"""The example repository that ships with the package."""

from __future__ import annotations

from pathlib import Path

import reconciler
from reconciler.errors import GitError


def example_repository() -> Path:
    """Where it is; beside the package in a checkout. Raises GitError where it is missing."""
    package = Path(reconciler.__file__).parent
    for folder in (package / "example-repo", package.parent / "example-repo"):
        if (folder / "reconciler.yaml").is_file():
            return folder
    raise GitError("The example repository is not installed.", "Install reconciler again.")
