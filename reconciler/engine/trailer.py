"""The provenance line at the end of the code: put on when writing, taken off before comparing.

The platform has no field of an action that a version keeps except its code (wire.md, section 1), so the commit lives
there.
"""

from __future__ import annotations

import json

from pydantic import ValidationError

from reconciler.engine import normalize
from reconciler.model.provenance import Provenance

MARK = "// @reconciler "
OPTIONAL = ("secrets", "undone")
"""What the line leaves out where there is none."""


def signed(code: str, provenance: Provenance) -> str:
    """The code as it is sent to the tenant: canonical text, then one comment line, without a line end."""
    fields = {key: value for key, value in provenance.model_dump(mode="json").items() if key not in OPTIONAL or value}
    return normalize.text(code) + MARK + json.dumps(fields, separators=(",", ":"), ensure_ascii=True)


def split(code: str) -> tuple[str, Provenance | None]:
    """The code without its provenance line, and what that line says.

    It is the last one that can be read: whoever edits in the dashboard adds below it, and that is an edit of ours. A
    line that carries the mark but cannot be read stays in the code: it is not ours, so it must show as a difference.
    """
    lines = code.split("\n")
    for at in reversed(range(len(lines))):
        if lines[at].startswith(MARK) and (provenance := _read(lines[at])):
            return normalize.text("\n".join(lines[:at] + lines[at + 1 :])), provenance
    return normalize.text(code), None


def _read(line: str) -> Provenance | None:
    try:
        return Provenance.model_validate_json(line.removeprefix(MARK))
    except ValidationError:
        return None
