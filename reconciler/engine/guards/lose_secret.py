"""A secret that git neither wrote nor names is not lost: nothing brings its value back."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, module_file, module_updates, touched
from reconciler.model.module import LiveModule
from reconciler.model.plan import ActionChange, ModuleChange, Plan, Refusal
from reconciler.model.tenant import Live, LiveAction


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in touched(plan, live):
        lost = "be deleted with" if change.kind == "delete" else "lose"
        for name in sorted(_removed(change, there) - _written_by_git(there, plan.repo)):
            yield Refusal(
                guard="lose-secret",
                message=f"{change.name} would {lost} the secret {name}, which git did not write and does not name.",
                place="" if change.kind == "delete" else action_file(change.name),
            )
    for module, found in module_updates(plan, live):
        for name in sorted(_removed_of(module, found) - _written_of(found, plan.repo)):
            yield Refusal(
                guard="lose-secret",
                message=f"The module {module.name} would lose the secret {name}, which git did not write and does not "
                "name.",
                place=module_file(module.name),
            )


def _removed_of(change: ModuleChange, there: LiveModule) -> set[str]:
    if not change.send_secrets and not change.version_id:
        return set()
    return {stamp.name for stamp in there.draft.secrets} - _named(change, there)


def _named(change: ModuleChange, there: LiveModule) -> set[str]:
    """The secrets that it has afterwards: those that are written, or those of the version that is copied."""
    copied = next((version for version in there.versions if version.id == change.version_id), None)
    return {each.name for each in (copied.secrets if copied else change.secrets)}


def _written_of(module: LiveModule, repo: str) -> set[str]:
    """The secrets that git wrote, in any version or in the draft."""
    told = [version.provenance for version in module.versions] + [module.draft.provenance]
    return {name for provenance in told if provenance and provenance.repo == repo for name in provenance.secrets}


def _removed(change: ActionChange, there: LiveAction) -> set[str]:
    if not change.send_secrets and change.kind != "delete":
        return set()
    stamps = there.draft.secrets + (there.version.secrets if there.version else ())
    return {stamp.name for stamp in stamps} - {step.name for step in change.secrets}


def _written_by_git(action: LiveAction, repo: str) -> set[str]:
    """The secrets that git wrote: those of the version, and those that an apply which was killed left in the draft."""
    versions = [action.version.provenance] if action.version and action.version.provenance else []
    drafts = [action.draft.provenance] if action.draft.provenance and action.draft.provenance.repo == repo else []
    return {name for provenance in (*versions, *drafts) for name in provenance.secrets}
