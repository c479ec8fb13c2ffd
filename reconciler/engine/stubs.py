"""What the stubs of a case answer, one request after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.engine.outgoing import stub_mismatches
from reconciler.model.case import Reply, Stub
from reconciler.model.execution import Request


@dataclass(frozen=True)
class Stubs:
    """The stubs of a case, and how many replies each of them (by its place in the case, from 0) gave so far."""

    stubs: tuple[Stub, ...]
    given: Mapping[int, int] = field(default_factory=dict)

    def answered(self, request: Request) -> tuple[Stubs, int | None, Reply | None]:
        """The stubs after that request, which of them answered it, and with what; None where none does.

        The first stub that fits answers. Stubs that ask for the very same are used in turn, and the last one goes on;
        so do the replies of a stub.
        """
        first = next((stub for stub in self.stubs if next(stub_mismatches(stub, request), None) is None), None)
        if first is None:
            return self, None, None
        same = [at for at, stub in enumerate(self.stubs) if _asked(stub) == _asked(first)]
        at = next((at for at in same if self._given(at) < len(_replies(self.stubs[at]))), same[-1])
        replies = _replies(self.stubs[at])
        reply = replies[min(self._given(at), len(replies) - 1)]
        return Stubs(self.stubs, {**self.given, at: self._given(at) + 1}), at, reply

    def _given(self, at: int) -> int:
        return self.given.get(at, 0)


def _replies(stub: Stub) -> tuple[Reply, ...]:
    return stub.replies or (stub.reply,)


def _asked(stub: Stub) -> tuple[object, ...]:
    return stub.request, stub.headers, stub.json_body, stub.body
