"""One thing that happened while something long was going on."""

from typing import Literal

from reconciler.model.frozen import Frozen

Verb = Literal[
    "waiting",
    "tested",
    "staged",
    "published",
    "built",
    "deployed",
    "bound",
    "deleted",
    "verified",
    "settled",
    "failed",
    "undoing",
    "undone",
    "left",
]


class Event(Frozen):
    """`verb` in the past (or what is going on), the action or flow it happened to, and what to add."""

    verb: Verb
    name: str
    detail: str = ""
