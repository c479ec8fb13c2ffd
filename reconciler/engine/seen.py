"""What the tenant looked like when a plan was made, and what moved since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from reconciler.model.module import LiveModule
from reconciler.model.plan import Plan, Seen
from reconciler.model.tenant import Live, LiveAction, LiveFlow

ABSENT = "absent"


def marks(live: Live, actions: Iterable[str], flows: Iterable[str], modules: Iterable[str] = ()) -> tuple[Seen, ...]:
    """One mark for every named module, action and flow, in name order."""
    return tuple(
        [Seen(kind="module", name=name, mark=_module(live.module(name))) for name in sorted(set(modules))]
        + [Seen(kind="action", name=name, mark=_action(live.action(name))) for name in sorted(set(actions))]
        + [Seen(kind="flow", name=trigger, mark=_flow(live.flow(trigger))) for trigger in sorted(set(flows))]
    )


def moved(plan: Plan, live: Live) -> tuple[str, ...]:
    """What is no longer as the plan saw it, one sentence each; empty when nothing moved."""
    return tuple(_sentence(seen, live) for seen in plan.seen if _mark(seen, live) != seen.mark)


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
    return _digest([*parts, *(f"{version.id} {version.number}" for version in module.versions)])


def _action(action: LiveAction | None) -> str:
    if action is None:
        return ABSENT
    # The build's progress is left out: a draft that finished building is still the draft that was seen.
    draft, version = action.draft, action.version
    parts = [action.id, draft.content.canonical(), *(stamp.canonical() for stamp in draft.secrets)]
    parts.append(draft.provenance.canonical() if draft.provenance else "")
    parts.append(f"{version.id} {version.number}" if version else ABSENT)
    return _digest(parts)


def _flow(flow: LiveFlow | None) -> str:
    if flow is None:
        return ABSENT
    return _digest([f"{binding.action_id} {binding.display_name}" for binding in flow.bindings])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _sentence(seen: Seen, live: Live) -> str:
    if seen.kind == "flow":
        return f"The flow {seen.name} is bound differently now."
    if seen.kind == "module":
        return _module_sentence(seen, live)
    if seen.mark == ABSENT:
        return f"The action {seen.name} exists now; it did not when the plan was made."
    if live.action(seen.name) is None:
        return f"The action {seen.name} is gone."
    return f"The action {seen.name} was edited or deployed."


def _module_sentence(seen: Seen, live: Live) -> str:
    if seen.mark == ABSENT:
        return f"The module {seen.name} exists now; it did not when the plan was made."
    if live.module(seen.name) is None:
        return f"The module {seen.name} is gone."
    return f"The module {seen.name} was edited or published."
