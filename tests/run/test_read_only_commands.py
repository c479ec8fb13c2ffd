"""Only what applies a plan opens a tenant for writing."""

from __future__ import annotations

from pathlib import Path

import reconciler

PACKAGE = Path(reconciler.__file__).parent


def test_only_apply_and_rollback_ask_for_writes() -> None:
    asking = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if "writes=True" in path.read_text()
    }
    assert asking == {"run/deploy.py", "run/rollback.py"}
