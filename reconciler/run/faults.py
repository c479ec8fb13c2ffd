"""The faults file of `tenant serve --faults`: a list of what goes wrong, in YAML; see `reconciler.local.wire.faults`.

- {route: POST /api/v2/actions/actions/*/deploy, call: 2, do: drop-after}
- {route: "* /api/v2/**", call: 5, do: 429, seconds: 2}
"""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from reconciler.desired.located_yaml import parse
from reconciler.desired.validation import validated
from reconciler.errors import InvalidInput, Usage
from reconciler.local.wire.faults import Fault

_FAULTS = TypeAdapter(tuple[Fault, ...])


def load_faults(path: Path) -> tuple[Fault, ...]:
    """The faults of a file; InvalidInput with every problem and its place, Usage where the file cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Usage(f"The faults file {path} cannot be read: {error.strerror}.", "Name a YAML file.") from None
    located, diagnostics = validated(parse(content, str(path)), _FAULTS)
    if diagnostics or located is None:
        raise InvalidInput(diagnostics, "the faults file")
    return located.document
