"""What the tenant looked like when a plan was made, and what moved since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reconciler.model.module import LiveModule
from reconciler.model.plan import Plan, Seen
from reconciler.model.tenant import Live, LiveAction, LiveFlow

ABSENT = "absent"

How = Literal["made", "gone", "edited", "deployed", "published", "bound"]


@dataclass(frozen=True)
class Moved:
    """Something that is no longer as a plan saw it. `number` is the version that runs now where one was deployed or
    published since, else 0."""

    kind: Literal["module", "action", "flow"]
    name: str
    how: How
    number: int = 0

    @property
    def what(self) -> str:
        """What happened, as a sentence without its end: `The action greet was deployed as version 4`."""
        told = {
            "made": "was made",
            "gone": "is gone",
            "edited": "was edited",
            "deployed": f"was deployed as version {self.number}",
            "published": f"was published as version {self.number}",
            "bound": "was bound differently",
        }
        return f"The {self.kind} {self.name} {told[self.how]}"


def marks(live: Live, actions: Iterable[str], flows: Iterable[str], modules: Iterable[str] = ()) -> tuple[Seen, ...]:
    """One mark for every named module, action and flow, in name order."""
    return tuple(
        [Seen(kind="module", name=name, mark=_module(live.module(name))) for name in sorted(set(modules))]
        + [Seen(kind="action", name=name, mark=_action(live.action(name))) for name in sorted(set(actions))]
        + [Seen(kind="flow", name=trigger, mark=_flow(live.flow(trigger))) for trigger in sorted(set(flows))]
    )


def moved(plan: Plan, live: Live) -> tuple[Moved, ...]:
    """What is no longer as the plan saw it, in the plan's order; empty when nothing moved."""
    return tuple(_moved(seen, live) for seen in plan.seen if _mark(seen, live) != seen.mark)


def appeared(plan: Plan, again: Plan) -> tuple[Moved, ...]:
    """What a plan that is made again has to look at and the first one did not: it came since."""
    before = {(seen.kind, seen.name) for seen in plan.seen}
    return tuple(Moved(seen.kind, seen.name, "made") for seen in again.seen if (seen.kind, seen.name) not in before)


def _mark(seen: Seen, live: Live) -> str:
    if seen.kind == "module":
        return _module(live.module(seen.name))
    return _action(live.action(seen.name)) if seen.kind == "action" else _flow(live.flow(seen.name))


def _module(module: LiveModule | None) -> str:
    if module is None:
        return ABSENT
    draft = module.draft
    parts = [module.id, draft.content.canonical(), *(stamp.canonical() for stamp in draft.secrets)]
    parts.append(draft.provenance.canonical() if draft.provenance else "")
    return _joined(parts, (f"{version.id} {version.number}" for version in module.versions))


def _action(action: LiveAction | None) -> str:
    if action is None:
        return ABSENT
    # The build's progress is left out: a draft that finished building is still the draft that was seen.
    draft, version = action.draft, action.version
    parts = [action.id, draft.content.canonical(), *(stamp.canonical() for stamp in draft.secrets)]
    parts.append(draft.provenance.canonical() if draft.provenance else "")
    return _joined(parts, [f"{version.id} {version.number}"] if version else [])


def _flow(flow: LiveFlow | None) -> str:
    if flow is None:
        return ABSENT
    return _digest(f"{binding.action_id} {binding.display_name}" for binding in flow.bindings)


def _joined(draft: Iterable[str], versions: Iterable[str]) -> str:
    """The mark of what has a draft and versions; the second half tells a deploy from an edit."""
    return f"{_digest(draft)}.{_digest(versions)}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _moved(seen: Seen, live: Live) -> Moved:
    now = _mark(seen, live)
    if seen.kind == "flow":
        return Moved("flow", seen.name, "bound")
    if ABSENT in (seen.mark, now):
        return Moved(seen.kind, seen.name, "made" if seen.mark == ABSENT else "gone")
    if now.partition(".")[2] == seen.mark.partition(".")[2]:
        return Moved(seen.kind, seen.name, "edited")
    return _versioned(seen, live)


def _versioned(seen: Seen, live: Live) -> Moved:
    if seen.kind == "module":
        module = live.module(seen.name)
        number = module.versions[0].number if module and module.versions else 0
        return Moved("module", seen.name, "published", number)
    action = live.action(seen.name)
    return Moved("action", seen.name, "deployed", action.version.number if action and action.version else 0)
