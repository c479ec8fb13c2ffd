"""Cases with their places in the files they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from reconciler.catalogue.triggers import triggers
from reconciler.desired.validation import Located
from reconciler.engine.scenes import staged_event
from reconciler.errors import Span
from reconciler.model.case import Case, Scene
from reconciler.model.flow_case import FlowCase

S = TypeVar("S", bound=Scene)


class LocatedScene(NamedTuple, Generic[S]):
    """A case, number `at` of its file, of an action or of a flow of that trigger. `begun` is the event that a file
    gives in place of the trigger's sample event."""

    case: S
    trigger: str
    at: int
    located: Located[tuple[S, ...]]
    begun: Mapping[str, Any] | None = None

    @property
    def event(self) -> dict[str, Any]:
        """The event that the code gets, without secrets."""
        facts = triggers().get(self.trigger)
        return staged_event(self.case, self.begun if self.begun is not None else facts.sample_event if facts else {})

    @property
    def file(self) -> str:
        """The file it is in."""
        return self.located.file

    @property
    def line(self) -> int:
        """The line it begins in."""
        return self.span().line

    def span(self, *path: str | int) -> Span:
        """Where a value of it stands."""
        return self.located.span(self.at, *path)

    def key(self, *path: str | int) -> Span:
        """Where the key of a value of it stands."""
        return self.located.key(self.at, *path)


LocatedCase = LocatedScene[Case]
LocatedFlowCase = LocatedScene[FlowCase]
