"""Which cases are to be run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.desired.load import LocatedCase
from reconciler.desired.state import Loaded
from reconciler.errors import Usage
from reconciler.run.case_jobs import known_actions


@dataclass(frozen=True)
class Wish:
    """Which cases somebody asks for: those of the named actions (of all without names) whose own name has one of the
    `texts` in it (any name without texts)."""

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def wants(self, case: str) -> bool:
        """Whether a case of that name is meant."""
        return not self.texts or any(text in case for text in self.texts)


@dataclass(frozen=True)
class Chosen:
    """The cases that are to be run, by the action that they are of, in order of name and file; `left_out` are those of
    the repository that nobody asked for."""

    actions: Mapping[str, tuple[LocatedCase, ...]] = field(default_factory=dict)
    left_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.actions)


def chosen(loaded: Loaded, wish: Wish) -> Chosen:
    """The cases that are asked for. Raises Usage for a name that git does not have, or where no case is named so."""
    named = [action.name for action in known_actions(loaded, wish.names)] or list(loaded.cases)
    picked = dict(_picked(loaded, sorted(named), wish))
    if wish.texts and not picked:
        raise Usage(f"No case has {' or '.join(map(repr, wish.texts))} in its name.", "Look at its spelling.")
    everything = sum(map(len, loaded.cases.values()))
    return Chosen(actions=picked, left_out=everything - sum(map(len, picked.values())))


def _picked(loaded: Loaded, names: list[str], wish: Wish) -> Iterator[tuple[str, tuple[LocatedCase, ...]]]:
    for name in names:
        cases = tuple(each for each in loaded.cases.get(name, ()) if wish.wants(each.case.name))
        if cases and loaded.desired.action(name):
            yield name, cases
