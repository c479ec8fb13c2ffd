"""What a tenant file may say of drift."""

from pydantic import Field, StrictInt

from reconciler.desired.document import Day, Document, Reason


class IgnoredFinding(Document):
    """A finding that is left alone for a while."""

    finding: str = Field(min_length=1)
    """The finding's id as `reconciler drift` shows it, such as unmanaged-action:legacy; `*` and `?` stand for any
    signs."""
    reason: Reason
    """Why it may stay."""
    until: Day
    """The last day it is ignored, such as 2026-12-31; it counts again after that."""


class DriftDocument(Document):
    """What is done with what `reconciler drift` finds in this tenant."""

    runs: StrictInt = Field(default=2, ge=1, le=100)
    """In how many runs after each other `reconciler ci drift --seen FILE` finds something before it tells of it."""
    ignore: tuple[IgnoredFinding, ...] = ()
    """The findings to show as ignored, each with a reason and a last day."""
