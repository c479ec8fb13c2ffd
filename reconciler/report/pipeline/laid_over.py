"""How what an apply tells comes to stand above the plan, in the one comment of a tenant."""

from __future__ import annotations

import re

from reconciler.model.pipeline import Stage
from reconciler.report.pipeline.block import utf8_size
from reconciler.report.pipeline.budget import COMMENT_BYTES, within

HEADER_BYTES = 64
"""What the line takes that says how long the part of the apply is."""

_TOLD = re.compile(r"<!-- reconciler told (\d{1,7}) (\w+) -->")
_OPENING = "<details><summary>The plan as it was shown before</summary>\n\n"
_CLOSING = "\n\n</details>"


def written_back(stage: Stage, earlier: str) -> str:
    """The text of the comment afterwards, but for its marker: what the stage tells, and folded below it the plan that
    the `earlier` comment showed, as much of it as fits. What an apply told before is left out."""
    told = _lf(stage.comment)
    head = f"<!-- reconciler told {len(told)} {stage.conclusion} -->\n{told}"
    shown = _shown(_lf(earlier).strip()).strip()
    room = COMMENT_BYTES - utf8_size(head) - utf8_size(_OPENING + _CLOSING) - HEADER_BYTES
    kept = within(shown, room, "The rest does not fit below what the apply told.").strip() if shown else ""
    return f"{head}\n{_OPENING}{kept}{_CLOSING}\n" if kept and utf8_size(kept) <= room else head


def tells_of_success(body: str) -> bool:
    """Whether a comment tells of an apply that went well."""
    _, _, below = _lf(body).partition("\n")
    found = _TOLD.fullmatch(below.partition("\n")[0])
    return found is not None and found[2] == "success"


def _shown(earlier: str) -> str:
    """The plan in a comment. The length of what was told is kept, since code that it shows could hold any sign that
    ended it; where it does not fit, somebody edited the comment, and the plan is not shown again."""
    _, _, below = earlier.partition("\n")
    line, _, body = below.partition("\n")
    found = _TOLD.fullmatch(line)
    if not found:
        return below
    rest = body[int(found[1]) :].removeprefix("\n")
    if not rest.startswith(_OPENING) or not rest.endswith(_CLOSING):
        return ""
    return rest.removeprefix(_OPENING).removesuffix(_CLOSING)


def _lf(text: str) -> str:
    """The text with the line ends that we write: browsers send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
