"""When each Node release ended, as the Node.js release schedule says (nodejs/Release, schedule.json).

The platform names its runtimes after the major version (`node18`, `node18-actions`) and tells no dates of its own for
those it still offers (limits.md, section 8).
"""

from __future__ import annotations

import re
from datetime import date

NODE_ENDS = {
    8: date(2019, 12, 31),
    10: date(2021, 4, 30),
    12: date(2022, 4, 30),
    14: date(2023, 4, 30),
    16: date(2023, 9, 11),
    18: date(2025, 4, 30),
    20: date(2026, 4, 30),
    22: date(2027, 4, 30),
    24: date(2028, 4, 30),
}
"""Major version -> the last day it was given security fixes."""


def end_of_life(runtime: str) -> date | None:
    """The last day of the Node that a runtime runs on; None for one that is not known."""
    named = re.fullmatch(r"node(\d+)(-actions)?", runtime)
    return NODE_ENDS.get(int(named[1])) if named else None
