"""Actions of ours whose deployed version or draft is not what git deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.engine import attribution, diff, normalize
from reconciler.engine.drift import texts
from reconciler.engine.drift.held import Held
from reconciler.engine.drift.world import World, found, is_ours, told
from reconciler.engine.rolled_back import alike, rolled_back_from
from reconciler.model.action import Content, ModuleUse
from reconciler.model.deed import Author
from reconciler.model.drift import Finding, State
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import LiveAction, Version


def findings(world: World, held: Held) -> Iterator[Finding]:
    """What is found of a deployed action, its secrets left aside."""
    if held.edited:
        yield _edited(world, held)
    elif held.provenance.number != held.version.number:
        yield _deployed_again(world, held)
    if diff.draft_differs(held.live, held.version) and not _is_what_was_rolled_back(world, held):
        yield _draft(world, held)
    if held.live.draft.status == "failed":
        yield _failed(world, held)


def undeployed(world: World, action: LiveAction) -> Iterator[Finding]:
    """What is found of an action of ours that was never deployed: an apply that was killed, or somebody, left it."""
    if action.version is not None or not is_ours(action, world.repo):
        return
    by = attribution.draft_author(world.deeds, action)
    yield found(
        world,
        "undeployed-draft",
        action.name,
        f"{action.name} was created and never deployed: its draft is from {told(action.draft.provenance)}.",
        severity="low",
        since=action.draft.updated_at,
        by=(by,),
    )


def _edited(world: World, held: Held) -> Finding:
    version, base = held.version, held.base
    parts = texts.parts(base, version.content) if base else ()
    which = f" ({', '.join(parts)})" if parts else ""
    lost = ", which took git's line out of its code" if held.lost else ""
    made = found(
        world,
        "edited",
        held.name,
        f"{held.name} was edited outside git{which} and deployed as version {version.number}{lost}.",
        severity=world.severity(held.live),
        parts=parts,
        diff=texts.action_diff(held.provenance.path, base, version.content) if base else (),
        since=version.created_at,
        by=(_editor(world, held), attribution.version_author(world.deeds, held.live)),
        base=held.provenance.commit if base else "",
        allow="take-over" if held.lost else "",
    )
    return made.model_copy(update={"state": _state(world, held)})


def _editor(world: World, held: Held) -> Author | None:
    """Who wrote what was deployed: the last to write the draft before."""
    deployed = attribution.instant(held.version.created_at)
    deeds = attribution.of_action(world.deeds, held.live)
    edits = (
        deed.author
        for deed in deeds
        if deed.author.did == "edited" and deployed and (at := attribution.instant(deed.at)) and at <= deployed
    )
    return next(edits, None)


def _deployed_again(world: World, held: Held) -> Finding:
    version, provenance = held.version, held.provenance
    by = attribution.version_author(world.deeds, held.live)
    later = rolled_back_from(version, (*world.history.get(held.name, ()), *held.live.later))
    made = found(
        world,
        "rolled-back" if later else "redeployed",
        held.name,
        _rolled_back(held, later[0], by) if later else _redeployed(held, by),
        severity=world.severity(held.live) if later else "low",
        diff=texts.action_diff(provenance.path, later[0].content, version.content, "before", "live") if later else (),
        since=version.created_at,
        by=(by,),
        base=provenance.commit,
    )
    return made.model_copy(update={"state": _state(world, held)})


def _rolled_back(held: Held, bad: Version, by: Author | None) -> str:
    how = "by `reconciler rollback`" if by and by.ours else "outside git" if by else "(the log does not tell by whom)"
    return (
        f"{held.name} was rolled back {how}: version {held.version.number} is what "
        f"{told(held.provenance)} made as version {held.provenance.number}, in place of version {bad.number} "
        f"({told(bad.provenance)})."
    )


def _redeployed(held: Held, by: Author | None) -> str:
    how = "outside git " if not by or not by.ours else ""
    return (
        f"{held.name} was deployed once more {how}as version {held.version.number}; it is what "
        f"{told(held.provenance)} made as version {held.provenance.number}."
    )


def _state(world: World, held: Held) -> State:
    """Settled where git has the very content that runs; not where it writes secrets whose values another hand may have
    changed, or git itself since, or no longer names one that it wrote: apply then deploys once more."""
    wanted = world.desired.action(held.name)
    if wanted is None or not _git_has(world, wanted.content, held.version.content):
        return "open"
    written = {secret.name: secret.source for secret in wanted.secrets if secret.kind != "keep"}
    named = {secret.name for secret in wanted.secrets}
    if any(stamp.name not in named and stamp.name in held.provenance.secrets for stamp in held.version.secrets):
        return "open"
    return "settled" if not written or _has_gits_values(held, written) else "open"


def _git_has(world: World, wanted: Content, runs: Content) -> bool:
    """Whether git has what runs. At `latest` a module may have any number whose version holds it as git has it."""
    latest = {use.name for use in wanted.modules if not use.number}
    return texts.same(wanted, runs) and all(_holds_the_module(world, use) for use in runs.modules if use.name in latest)


def _holds_the_module(world: World, use: ModuleUse) -> bool:
    wanted, there = world.desired.module(use.name), world.live.module(use.name)
    version = next((each for each in there.versions if each.number == use.number), None) if there else None
    return wanted is not None and version is not None and version.content == wanted.content


def _has_gits_values(held: Held, sources: Mapping[str, str]) -> bool:
    if held.reference is None or held.action is None:
        return False
    before = {secret.name: secret.source for secret in held.action.secrets if secret.kind != "keep"}
    if any(before.get(name) != source for name, source in sources.items()):
        return False
    made = {stamp.name: stamp.updated_at for stamp in held.reference.secrets}
    runs = {stamp.name: stamp.updated_at for stamp in held.version.secrets}
    return all(name in runs and made.get(name) == runs[name] for name in sources)


def _is_what_was_rolled_back(world: World, held: Held) -> bool:
    """Whether the draft is the version that was rolled back from: the platform leaves the draft alone unless told."""
    draft, provenance = held.live.draft, held.provenance
    later = [each for each in world.history.get(held.name, ()) if each.number > provenance.number]
    return provenance.number < held.version.number and any(
        each.content == draft.content and each.provenance == draft.provenance and not alike(each, held.version)
        for each in later
    )


def _draft(world: World, held: Held) -> Finding:
    draft = held.live.draft
    by = attribution.draft_author(world.deeds, held.live)
    parts = texts.parts(held.version.content, draft.content)
    left = _left_by_us(draft.content, draft.provenance, held, world.repo)
    if left:
        what = f"The draft of {held.name} holds what {told(draft.provenance)} makes of it, and was never deployed."
    else:
        which = f" ({', '.join(parts)})" if parts else ""
        what = f"The draft of {held.name} was edited outside git{which}; it does not run."
    return found(
        world,
        "undeployed-draft" if left else "draft-edited",
        held.name,
        what,
        severity="low",
        parts=parts,
        diff=texts.action_diff(held.provenance.path, held.version.content, draft.content, "live", "draft"),
        since=draft.updated_at,
        by=(by,),
        base=held.provenance.commit,
    )


def _left_by_us(content: Content, provenance: Provenance | None, held: Held, repo: str) -> bool:
    """Whether an apply wrote the draft: its line fits what it holds."""
    return (
        provenance is not None
        and provenance.repo == repo
        and provenance != held.version.provenance
        and provenance.digest == normalize.digest(content)
    )


def _failed(world: World, held: Held) -> Finding:
    by = attribution.draft_author(world.deeds, held.live)
    return found(
        world,
        "failed-build",
        held.name,
        f"The draft of {held.name} failed to build: it cannot be deployed as it is.",
        severity="low",
        since=held.live.draft.updated_at,
        by=(by,),
        base=held.provenance.commit,
    )
