"""The line that begins every drift issue: nobody sees it, by it the issue is found again and knows what it tells."""

from __future__ import annotations

import json
import re

from reconciler.model.drift import SEVERITIES
from reconciler.model.frozen import Frozen
from reconciler.model.sighting import Sighting

MARKER_BYTES = 16_384
"""A longer marker leaves out who did what, and then as many findings as it has to, so that the issue has room for what
people read."""

_OPENING, _CLOSING = "<!-- reconciler-drift ", " -->"
_LINE = re.compile(re.escape(_OPENING) + r"(\{.*\})" + re.escape(_CLOSING))
_SPELT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


class DriftMarker(Frozen):
    """Which tenant of which repository an issue is about, and what it tells of.

    `folder` is that of the repository within the git repository. `digest` is that of what people read in it; `told` are
    its findings, `adopting` the number of the pull request that it names, 0 for none. People may edit issues: it is
    what was told, and proves nothing.
    """

    repo: str
    tenant: str
    folder: str = "."
    digest: str = ""
    adopting: int = 0
    told: tuple[Sighting, ...] = ()


def drift_marker(marker: DriftMarker) -> str:
    """The first line of the issue, without its line end."""
    if len(_line(marker)) <= MARKER_BYTES:
        return _line(marker)
    told = [each.model_copy(update={"by": ()}) for each in sorted(marker.told, key=_worst_first)]
    shortened = (marker.model_copy(update={"told": tuple(told[:most])}) for most in range(len(told), -1, -10))
    return next((line for each in shortened if len(line := _line(each)) <= MARKER_BYTES), _line(marker))


def parse_drift_marker(body: str) -> DriftMarker | None:
    """The marker that a text begins with; None for a text that is not ours. Only the first line counts, so that nothing
    shown further down can forge one."""
    found = _LINE.fullmatch(re.split(r"\r?\n", body, maxsplit=1)[0])
    try:
        return DriftMarker.model_validate(json.loads(found[1])) if found else None
    except (ValueError, RecursionError):  # a ValidationError is a ValueError
        return None


def _worst_first(sighting: Sighting) -> tuple[int, str]:
    return SEVERITIES.index(sighting.severity), sighting.finding


def _line(marker: DriftMarker) -> str:
    told = json.dumps(marker.model_dump(mode="json", exclude_defaults=True), sort_keys=True, separators=(",", ":"))
    # Whatever could end an HTML comment is spelt as JSON allows it.
    return f"{_OPENING}{told.translate(_SPELT).replace('--', '-' + chr(92) + 'u002d')}{_CLOSING}"
