"""The environment and the working folder as a value; nobody else looks at them."""

from __future__ import annotations

import importlib
import os
import pwd
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

TENANT = "RECONCILER_TENANT"
STATE = "RECONCILER_STATE"
PLUGINS = "PYDANTIC_DISABLE_PLUGINS"

_SECRET = re.compile(
    r"(TOKEN|SECRET|PASSWORD|PASSPHRASE|WEBHOOK|WEBHOOK_URL|[_-](KEY|PASS|PW|PWD|PAT|AUTH|CREDENTIALS?))$",
    re.IGNORECASE,
)


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

    @property
    def secrets(self) -> Mapping[str, str]:
        """The values of the variables whose names say that they hold a secret, for whoever must not show them."""
        return {name: value for name, value in self.environ.items() if value and _SECRET.search(name)}

    @property
    def user(self) -> str:
        """Who this is, for others to read."""
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # as in a container that was given a number for a user
            return f"user {os.getuid()}"

    @property
    def locks(self) -> Path:
        """Where processes of this user find each other's locks, whichever repository they work in. Not every user has a
        home to write to; then it is a folder of the machine's temporary ones."""
        state, home = self.environ.get("XDG_STATE_HOME"), self.environ.get("HOME")
        kept = Path(state) if state else Path(home) / ".local" / "state" if home else None
        near = next((each for each in (kept, *kept.parents) if each.exists()), None) if kept else None
        if kept and near and os.access(near, os.W_OK):
            return kept / "reconciler" / "locks"
        return Path(importlib.import_module("tempfile").gettempdir()) / f"reconciler-{os.getuid()}" / "locks"


def process_settings() -> Settings:
    """The settings of this process."""
    return Settings(start=Path.cwd(), environ=dict(os.environ))


def without_plugins() -> None:
    """Lets pydantic look for no plugins, in this process and those that it starts: for that it would read what every
    installed package says of itself, at each start.

    Source: pydantic's documents, "Plugins", PYDANTIC_DISABLE_PLUGINS.
    """
    os.environ.setdefault(PLUGINS, "__all__")


def now() -> datetime:
    """The time, for those who pass a clock on."""
    return datetime.now(UTC)
