"""The platform deletes no module that an action uses (wire.md, section 4)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import modules
from reconciler.engine.guards.facts import Facts
from reconciler.model.action import Content
from reconciler.model.plan import ModuleChange, Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    rewritten = {change.name: change.after for change in plan.actions}
    for module in plan.modules:
        if module.kind != "delete":
            continue
        users = [
            name for name in modules.users(live, module.name) if name not in rewritten or _uses(rewritten[name], module)
        ]
        if users:
            yield Refusal(
                guard="module-in-use",
                message=f"The module {module.name} left git, and {', '.join(users)} would go on using it: the platform "
                "does not delete it.",
                remedy="Take it out of them first, or keep it in git until then.",
            )


def _uses(content: Content | None, module: ModuleChange) -> bool:
    return content is not None and any(use.name == module.name for use in content.modules)
