"""What a plan says, piece by piece; the text and the markdown renderer lay the same pieces out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.engine import approval
from reconciler.engine.line_diff import unified
from reconciler.model.action import Content
from reconciler.model.module import ModuleContent
from reconciler.model.plan import ActionChange, FlowChange, ModuleChange, Place, Plan, Verdict
from reconciler.report.numbers import number_of

Change = ActionChange | ModuleChange

SILENT = Verdict()
SIGNS = {"create": "+", "update": "~", "delete": "-", "rollback": "~"}
WHAT_SIGNS = {
    "new": "+",
    "rotated": "~",
    "changed outside git": "~",
    "not deployed": "~",
    "earlier value": "~",
    "removed": "-",
}


def summary(plan: Plan) -> str:
    """One sentence that counts what changes."""
    if plan.empty:
        return "Nothing to change."
    kinds = [change.kind for change in changes(plan)]
    flows = f", {number_of(len(plan.flows), 'flow')} to bind" if plan.flows else ""
    back = f", {kinds.count('rollback')} to roll back" if "rollback" in kinds else ""
    return (
        f"Plan: {kinds.count('create')} to create, {kinds.count('update')} to change, "
        f"{kinds.count('delete')} to delete{back}{flows}."
    )


def checksum(plan: Plan) -> str:
    """What the plan is approved by: 64 hex digits."""
    return approval.checksum(plan)


def title(plan: Plan) -> str:
    """Which commit of which repository is held against which tenant, or against which other commit."""
    if plan.against:
        head = plan.against.head[:12] or "uncommitted files"
        return f"{plan.repo} at {head} against {plan.against.told}, not the tenant {plan.tenant}"
    commit = plan.commit[:12] if plan.commit else "uncommitted files"
    return f"{plan.repo} at {commit} -> tenant {plan.tenant}"


def approval_line(plan: Plan) -> tuple[str, str]:
    """What a plan ends with, as words and a value: the checksum that it is approved by, or that nobody can apply it.
    Both are empty where there is nothing to approve."""
    if plan.empty:
        return "", ""
    if plan.against:
        return f"Made without the tenant {plan.tenant}: it cannot be applied.", ""
    return "Checksum:", checksum(plan)


def changes(plan: Plan) -> tuple[Change, ...]:
    """What happens to modules and actions, in the order of an apply, but for the deletes."""
    return (*plan.modules, *plan.actions)


def headline(change: Change) -> str:
    """What happens to one module or action, in one line."""
    if isinstance(change, ModuleChange):
        number = f" as version {change.number}" if change.publish and change.number else ""
        return f"{SIGNS[change.kind]} {change.kind} module {change.name}{number} ({', '.join(change.why.reasons)})"
    number = f" as version {change.number}" if change.deploy and change.number else ""
    reasons = ", ".join(change.why.reasons)
    if change.kind == "rollback" and change.provenance:
        number = f" to version {change.provenance.number} of {change.provenance.commit[:12]}{number}"
    return f"{SIGNS[change.kind]} {change.kind} {change.name}{number} ({reasons})"


def adopted(plan: Plan) -> Iterator[str]:
    """What git did not make and has all the same, one line each: nothing is written for it."""
    for name in plan.unstamped:
        yield f"= adopt {name} (as git has it; no commit recorded)"


def facts(change: Change) -> Iterator[str]:
    """Everything but the code, one line each: `+ dependency @slack/webhook 7.0.6`; of a module who uses it, too."""
    if isinstance(change, ModuleChange):
        yield f"used by {', '.join(change.why.users) or 'no action'}"
    else:
        yield from _fields(change.why.before, change.after)
    yield from _dependencies(change.why.before, change.after)
    for secret in change.why.secrets:
        yield f"{WHAT_SIGNS[secret.what]} secret {secret.name} ({secret.what})"


def before_of(plan: Plan) -> str:
    """Where the code comes from that a plan shows as the one before."""
    return plan.against.name if plan.against else "live"


def code_diff(change: Change, live: str = "live") -> tuple[str, ...]:
    """The unified diff of code.js, without line ends; empty when the code stays. `live` names where the code before
    comes from."""
    before = _code_lines(change.why.before.code) if change.why.before else []
    after = _code_lines(change.after.code) if change.after else []
    path = f"{'modules' if isinstance(change, ModuleChange) else 'actions'}/{change.name}/code.js"
    return unified(before, after, f"{live}/{path}", f"{_side(change)}/{path}")


def _code_lines(code: str) -> list[str]:
    # Not splitlines(): other signs that it takes for line ends would be gone from what is shown.
    return code.removesuffix("\n").split("\n")


def _side(change: Change) -> str:
    """Where the code comes from that will run."""
    return f"version-{change.provenance.number}" if change.kind == "rollback" and change.provenance else "git"


def said(verdict: Verdict) -> tuple[str, ...]:
    """What has to be known of a plan, one line each: what somebody has to act on, then what the guards say (what
    refuses, what would refuse an apply, what passes and why), then the rest."""
    lines = (
        *(f"warning: {alarm.message}" for alarm in verdict.alarms),
        *(f"refused by {refusal.guard}: {refusal.told}" for refusal in verdict.refusals),
        *(f"note: {note.guard} would refuse an apply: {note.told}" for note in verdict.notes),
        *(f"allowed: {each.guard} ({each.reason}): {each.message}" for each in verdict.allowed),
        *(f"note: {remark}" for remark in verdict.remarks),
    )
    # Reasons and names are other people's: a line end in one must not begin a line of its own.
    return tuple(" ".join(line.split()) for line in lines)


def numbered(places: tuple[Place, ...]) -> tuple[str, ...]:
    """A flow in running order: `1. notify-slack "Tell Slack"`, with what is not ours marked."""
    return tuple(
        f"{number}. {place.action}"
        + (f' "{place.display_name}"' if place.display_name else "")
        + (" (not in git)" if place.foreign else "")
        for number, place in enumerate(places, 1)
    )


def flow_headline(change: FlowChange) -> str:
    """What happens to one flow, in one line."""
    return f"~ bind {change.trigger}"


def _fields(before: Content | None, after: Content | None) -> Iterator[str]:
    if after is None:
        return
    for field in ("trigger", "runtime"):
        old, new = _shown(before, field), _shown(after, field)
        if old != new:
            yield f"{'~' if old else '+'} {field} {old + ' -> ' if old else ''}{new}"
    yield from _differing("module", _uses(before), _uses(after))


def _shown(content: Content | None, field: str) -> str:
    if content is None:
        return ""
    if field == "trigger":
        return f"{content.trigger.id} {content.trigger.version}".strip()
    return str(getattr(content, field))


def _uses(content: Content | None) -> dict[str, str]:
    return {use.name: str(use.number or "latest") for use in content.modules} if content else {}


def _dependencies(before: Content | ModuleContent | None, after: Content | ModuleContent | None) -> Iterator[str]:
    old = {each.name: each.version for each in before.dependencies} if before else {}
    new = {each.name: each.version for each in after.dependencies} if after else {}
    yield from _differing("dependency", old, new)


def _differing(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield f"+ {what} {name} {new[name]}"
        elif name not in new:
            yield f"- {what} {name} {old[name]}"
        elif old[name] != new[name]:
            yield f"~ {what} {name} {old[name]} -> {new[name]}"
