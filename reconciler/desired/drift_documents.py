"""What a tenant file may say of drift."""

from __future__ import annotations

from pydantic import Field

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
    """What `reconciler drift` does with its findings in this tenant."""

    ignore: tuple[IgnoredFinding, ...] = ()
    """The findings to show as ignored, each with a reason and a last day."""
