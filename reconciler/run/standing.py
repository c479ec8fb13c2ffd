"""Whether a plan still stands: the tenant is as it saw it, and planning again gives the very same (law 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reconciler.auth0.gateway import Gateway
from reconciler.engine import approval, attribution, seen
from reconciler.engine.seen import Moved
from reconciler.errors import Refused, StalePlan, TenantError
from reconciler.model.deed import Author, Deed
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live

UNKNOWN = "by whom the tenant's log does not tell"


async def require_standing(gateway: Gateway, plan: Plan, live: Live, replan: Callable[[Live], Plan]) -> None:
    """Raises StalePlan naming what moved, and who moved it where the tenant's log knows; Refused for a plan that is not
    what its commit and the tenant come to, for then somebody changed it."""
    moved = seen.moved(plan, live)
    again = replan(live)
    moved = moved or seen.appeared(plan, again)
    if moved:
        raise StalePlan(await _sentences(gateway, moved, live))
    if not approval.alike(plan, again):
        raise Refused(
            f"The saved plan and commit {plan.commit[:12]} differ{_named(plan, again)}: the plan was changed.",
            "Make the plan again.",
        )


async def _sentences(gateway: Gateway, moved: Sequence[Moved], live: Live) -> list[str]:
    try:
        deeds: Iterable[Deed] = (await gateway.read_deeds()).deeds
    except TenantError:
        deeds = ()  # that it moved is what has to be told; who moved it may be a matter of permission
    deeds = tuple(deeds)
    authors = [_author(each, live, deeds) for each in moved]
    return [
        f"{each.what} {attribution.phrase(author)}." if author else f"{each.what}, {UNKNOWN}."
        for each, author in zip(moved, authors, strict=True)
    ]


def _author(moved: Moved, live: Live, deeds: tuple[Deed, ...]) -> Author | None:
    if moved.how == "gone":
        return attribution.deleter(deeds, moved.name)
    if moved.kind == "flow":
        flow = live.flow(moved.name)
        return attribution.flow_author(deeds, flow) if flow else None
    return _action_author(moved, live, deeds) if moved.kind == "action" else _module_author(moved, live, deeds)


def _action_author(moved: Moved, live: Live, deeds: tuple[Deed, ...]) -> Author | None:
    action = live.action(moved.name)
    if action is None:
        return None
    if moved.how == "deployed":
        return attribution.version_author(deeds, action)
    mine = attribution.of_action(deeds, action)
    return (attribution.maker(mine) if moved.how == "made" else None) or attribution.draft_author(deeds, action)


def _module_author(moved: Moved, live: Live, deeds: tuple[Deed, ...]) -> Author | None:
    module = live.module(moved.name)
    if module is None:
        return None
    mine = attribution.of_module(deeds, module)
    if moved.how == "published" and module.versions:
        newest = module.versions[0]
        return attribution.author(mine, attribution.VERSION_VERBS, newest.created_at, number=newest.number)
    found = attribution.maker(mine) if moved.how == "made" else None
    return found or attribution.author(mine, attribution.DRAFT_VERBS, module.draft.updated_at)


def _named(plan: Plan, again: Plan) -> str:
    """What the two plans do not agree on: ` in greet, post-login`."""
    differ = _acts(plan).items() ^ _acts(again).items()
    names = sorted({name for name, _ in differ})
    return f" in {', '.join(names)}" if names else ""


def _acts(plan: Plan) -> dict[str, str]:
    """What is done to each thing, as text."""
    changes = {change.name: change.model_copy(update={"why": type(change.why)()}) for change in plan.actions}
    modules = {change.name: change.model_copy(update={"why": type(change.why)()}) for change in plan.modules}
    flows = {change.trigger: change for change in plan.flows}
    return {name: change.canonical() for group in (changes, modules, flows) for name, change in group.items()}
