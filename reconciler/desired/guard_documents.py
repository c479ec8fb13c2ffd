"""What a tenant file may say of guards."""

from pydantic import Field, StrictInt

from reconciler.desired.document import Day, Document, Reason


class AllowedGuard(Document):
    """A guard that may be passed in this tenant."""

    guard: str = Field(min_length=1)
    """The guard's name, as a refusal shows it."""
    reason: Reason
    """Why it is allowed."""
    until: Day | None = None
    """The last day it is allowed, such as 2026-12-31; it refuses again after that."""


class DeletesDocument(Document):
    """How much one plan may delete without a word. Deleting a single thing is never too much, unless count is 0."""

    count: StrictInt = Field(default=5, ge=0)
    """The most actions and modules together."""
    percent: StrictInt = Field(default=20, ge=0, le=100)
    """The most percent of the actions and modules that this repository has in the tenant."""


class Guards(Document):
    """How careful this tenant is, and which guards it lets pass without a word on the command line."""

    allow: tuple[AllowedGuard, ...] = ()
    """The guards that may pass, each with a reason."""
    deletes: DeletesDocument = Field(default_factory=DeletesDocument)
    """What the guard many-deletes lets pass."""
