"""Which cases are to be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reconciler.desired.located_cases import LocatedCase, LocatedFlowCase
from reconciler.desired.state import Loaded
from reconciler.errors import Usage
from reconciler.run.case_jobs import known_actions
from reconciler.run.last_failed import Key
from reconciler.run.touched import Touched

FLOWS = "flows/"
"""What the name of a flow begins with where actions and flows are named together."""


class Wish(NamedTuple):
    """Which cases somebody asks for: those of the named actions and flows (`flows/TRIGGER`; of all without names) whose
    own name has one of the `texts` in it (any name without texts; capitals do not matter)."""

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def wants(self, case: str) -> bool:
        """Whether a case of that name is meant."""
        return not self.texts or any(text.casefold() in case.casefold() for text in self.texts)


@dataclass(frozen=True)
class Chosen:
    """The cases that are to be run, of actions by name and of flows by trigger, each kind in order of name and file;
    `left_out` counts those of the repository that are not run."""

    actions: Mapping[str, tuple[LocatedCase, ...]] = field(default_factory=dict)
    flows: Mapping[str, tuple[LocatedFlowCase, ...]] = field(default_factory=dict)
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many cases."""
        return sum(map(len, self.actions.values())) + sum(map(len, self.flows.values()))

    def only(self, wanted: Callable[[LocatedCase | LocatedFlowCase], bool]) -> Chosen:
        """Those of the cases that are wanted; no action or flow is left without any."""
        return replace(
            self,
            actions={
                name: kept for name, cases in self.actions.items() if (kept := tuple(c for c in cases if wanted(c)))
            },
            flows={name: left for name, cases in self.flows.items() if (left := tuple(c for c in cases if wanted(c)))},
        )


def chosen(loaded: Loaded, wish: Wish, *, touched: Touched | None = None, failed: Set[Key] | None = None) -> Chosen:
    """The cases that are asked for: of what is `touched`, and among those that `failed`, where these are given.

    Raises Usage for a name that git does not have, or where no case is named so.
    """
    actions, triggers = _named(loaded, wish)
    meant = Chosen(
        actions={name: loaded.cases[name] for name in actions},
        flows={trigger: cases for trigger in triggers if (cases := flow_cases(loaded, trigger))},
    ).only(lambda located: wish.wants(located.case.name))
    if wish.texts and not meant.count:
        raise Usage(f"No case has {' or '.join(map(repr, wish.texts))} in its name.", "Look at how it is spelled.")
    if touched:
        meant = replace(
            meant,
            actions={name: cases for name, cases in meant.actions.items() if name in touched.actions},
            flows={trigger: cases for trigger, cases in meant.flows.items() if trigger in touched.flows},
        )
    if failed is not None:
        meant = meant.only(lambda located: (located.file, located.case.name) in failed)
    everything = sum(map(len, loaded.cases.values())) + sum(len(flow_cases(loaded, each)) for each in _flows(loaded))
    return replace(meant, left_out=everything - meant.count)


def flow_cases(loaded: Loaded, trigger: str) -> tuple[LocatedFlowCase, ...]:
    """The cases of a flow, in the order of their file."""
    return tuple(each for each in loaded.documents.flow_cases if each.trigger == trigger)


def _named(loaded: Loaded, wish: Wish) -> tuple[list[str], list[str]]:
    """Actions by name and flows by trigger, each in order: an action brings the flows along that it is bound in."""
    flows = _flows(loaded)
    if not wish.names:
        return sorted(loaded.cases), sorted(flows)
    names = [_owner(name) for name in wish.names]
    triggers = {name.removeprefix(FLOWS) for name in names if name.startswith(FLOWS)}
    if unknown := triggers - set(flows):
        known = ", ".join(f"{FLOWS}{trigger}" for trigger in flows) or "there are none"
        raise Usage(f"There is no flow {', '.join(sorted(unknown))} in git.", f"Flows: {known}.")
    actions = {action.name for action in known_actions(loaded, [n for n in names if not n.startswith(FLOWS)])}
    around = {trigger for trigger, bound in flows.items() if actions & bound}
    return sorted(actions), sorted(triggers | around)


def _owner(name: str) -> str:
    """The action or the flow that a name means: it may be the path of its folder or of a file of it, which is what a
    shell completes."""
    room, _, rest = name.partition("/")
    if room == "actions" and rest:
        return rest.partition("/")[0]
    return FLOWS + rest.partition(".")[0] if name.startswith(FLOWS) else name


def _flows(loaded: Loaded) -> Mapping[str, frozenset[str]]:
    """Trigger -> the actions that are bound there."""
    return {flow.trigger: frozenset(place.action for place in flow.bindings) for flow in loaded.desired.flows}
