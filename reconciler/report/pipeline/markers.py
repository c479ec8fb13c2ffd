"""The line that begins every comment of ours: nobody sees it, and by it a comment is found again."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

_OPENING, _CLOSING = "<!-- reconciler ", " -->"
_LINE = re.compile(re.escape(_OPENING) + r"(\{.*\})" + re.escape(_CLOSING))
_SPELT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&-"}
"""Whatever could end an HTML comment is spelt as JSON allows it."""


@dataclass(frozen=True)
class Marker:
    """Whose comment it is, and which plan it shows: `checksum` and `head`, the newest commit of the pull request, are
    empty where it shows none that can be approved. People may edit comments: nothing here proves an approval."""

    repo: str
    tenant: str
    checksum: str = ""
    head: str = ""


def marker(repo: str, tenant: str, checksum: str = "", head: str = "") -> str:
    """The first line of a comment, without its line end."""
    told = json.dumps(asdict(Marker(repo, tenant, checksum, head)), sort_keys=True, separators=(",", ":"))
    return f"{_OPENING}{told.translate(_SPELT)}{_CLOSING}"


def parse_marker(body: str) -> Marker | None:
    """The marker that a comment begins with; None for a comment that is not ours. Only the first line counts, so that
    nothing shown further down can forge one."""
    found = _LINE.fullmatch(re.split(r"\r?\n", body, maxsplit=1)[0])
    try:
        told = json.loads(found[1]) if found else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.keys() != asdict(Marker("", "")).keys():
        return None
    return Marker(**told) if all(isinstance(value, str) for value in told.values()) else None
