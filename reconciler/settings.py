"""The environment and the working folder as a value; nobody else looks at them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

TENANT = "RECONCILER_TENANT"
STATE = "RECONCILER_STATE"


@dataclass(frozen=True)
class Settings:
    """What the process was started with. `environ` may hold secrets and stays out of the repr."""

    start: Path
    environ: Mapping[str, str] = field(repr=False)

    @property
    def tenant(self) -> str:
        """The tenant to use where no option names one."""
        return self.environ.get(TENANT, "")

    @property
    def state(self) -> Path | None:
        """Where state is kept instead of the repository's `.reconciler` folder."""
        named = self.environ.get(STATE)
        return Path(named) if named else None


def process_settings() -> Settings:
    """The settings of this process."""
    return Settings(start=Path.cwd(), environ=dict(os.environ))


def now() -> datetime:
    """The time, for those who pass a clock on."""
    return datetime.now(UTC)
