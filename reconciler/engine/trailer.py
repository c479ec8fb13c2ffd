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

    A last line that carries the mark but cannot be read stays in the code: it is not ours, so it must show as a
    difference.
    """
    body, _, last = code.rstrip("\r\n").rpartition("\n")
    if not last.startswith(MARK):
        return normalize.text(code), None
    try:
        provenance = Provenance.model_validate_json(last.removeprefix(MARK))
    except ValidationError:
        return normalize.text(code), None
    return normalize.text(body), provenance
