"""Modules whose published versions or draft are not git's."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import attribution, normalize
from reconciler.engine.drift import texts
from reconciler.engine.drift.world import World, found, told, used_versions
from reconciler.engine.modules import has_values_of_git
from reconciler.model.deed import Author
from reconciler.model.drift import Finding, Kind, Severity
from reconciler.model.module import LiveModule, ModuleContent, ModuleVersion
from reconciler.model.provenance import Provenance


def findings(world: World) -> Iterator[Finding]:
    """What is found of every module, and which are missing."""
    for module in world.live.modules or ():
        origin = _word(world, module)
        if origin is not None:
            yield from _ours(world, module, origin)
        elif module.owner in ("", world.repo) and not _as_git_has_it(world, module):
            yield _unmanaged(world, module)
    yield from _missing(world)


def _word(world: World, module: LiveModule) -> Provenance | None:
    """Git's last word on a module of ours: the newest version's line, an earlier one's where somebody pasted other code
    over it and git still has the module."""
    if module.owner != world.repo:
        return None
    if module.origin is not None or world.desired.module(module.name) is None:
        return module.origin
    return next((version.provenance for version in module.versions if version.provenance), None)


def _ours(world: World, module: LiveModule, origin: Provenance) -> Iterator[Finding]:
    newest = module.versions[0] if module.versions else None
    if newest is not None:
        yield from _published(world, module, newest, origin)
    yield from _secrets(world, module, newest, origin)
    if newest is not None and _draft_differs(world, module, newest):
        yield _draft(world, module, newest.content, origin)


def _draft_differs(world: World, module: LiveModule, newest: ModuleVersion) -> bool:
    """Whether the draft is neither the newest version nor what git wants: git may want an earlier version again, which
    then is copied into the draft and not published."""
    draft, wanted = module.draft, world.desired.module(module.name)
    if (draft.content, draft.provenance) == (newest.content, newest.provenance):
        return False
    return wanted is None or draft.content != wanted.content


def _published(world: World, module: LiveModule, newest: ModuleVersion, origin: Provenance) -> Iterator[Finding]:
    base, edited = (
        _base(world, module, origin),
        newest.provenance is None or normalize.digest(newest.content) != origin.digest,
    )
    if not edited and origin.number == newest.number:
        return
    parts = texts.module_parts(base, newest.content) if base else ()
    which = f" ({', '.join(parts)})" if parts else ""
    how = f"was edited outside git{which} and published" if edited else "was published once more outside git"
    made = found(
        world,
        "module-edited" if edited else "module-version-added",
        module.name,
        f"The module {module.name} {how} as version {newest.number}.",
        severity=_severity(world, module, newest) if edited else "low",
        parts=parts,
        diff=texts.module_diff(origin.path, base, newest.content) if edited and base else (),
        since=newest.created_at,
        by=(_publisher(world, module, newest),),
        base=origin.commit,
        flows=_flows(world, module, newest),
    )
    yield made.model_copy(update={"state": "settled"}) if _settled(world, module, newest) else made


def _settled(world: World, module: LiveModule, newest: ModuleVersion) -> bool:
    """Whether nothing is left to do: git has the very content, or nothing uses the version, which cannot be taken back,
    and the draft is git's again, with a version of git's before."""
    wanted = world.desired.module(module.name)
    if wanted is None:
        return False
    writes = any(secret.kind != "keep" for secret in wanted.secrets)
    if wanted.content == newest.content and (not writes or has_values_of_git(newest, module)):
        return True
    gits = any(_made_by_git(each) and each.content == wanted.content for each in module.versions)
    return gits and module.draft.content == wanted.content and newest not in used_versions(world.live, module)


def _made_by_git(version: ModuleVersion) -> bool:
    told = version.provenance
    return told is not None and told.number == version.number and told.digest == normalize.digest(version.content)


def _draft(world: World, module: LiveModule, before: ModuleContent, origin: Provenance) -> Finding:
    draft = module.draft
    parts = texts.module_parts(before, draft.content)
    ours = draft.provenance is not None and draft.provenance.digest == normalize.digest(draft.content)
    how = f"holds what {told(draft.provenance)} makes of it" if ours else "was edited outside git"
    return found(
        world,
        "module-draft-edited",
        module.name,
        f"The draft of the module {module.name} {how}; it is not published.",
        severity="low",
        parts=parts,
        diff=texts.module_diff(origin.path, before, draft.content, "published", "draft"),
        since=draft.updated_at,
        by=(_writer(world, module, draft.updated_at),),
        base=origin.commit,
        flows=(),
    )


def _secrets(world: World, module: LiveModule, newest: ModuleVersion | None, origin: Provenance) -> Iterator[Finding]:
    kept = _kept(world, module, origin)
    written = set(origin.secrets)
    wanted = world.desired.module(module.name)
    named = {secret.name for secret in wanted.secrets} if wanted else written | kept
    there = {stamp.name: stamp.updated_at for stamp in module.draft.secrets}
    published = {stamp.name for stamp in newest.secrets} if newest else set()
    runs = published if newest in used_versions(world.live, module) else set()
    # What is sent to a module replaces all its secrets, so where git keeps one they all live in the dashboard.
    for name in sorted((there.keys() | runs) - written - named) if not kept else ():
        yield _secret(world, module, newest, "module-secret-added", name, "has the secret {}, which git does not name")
    for name in sorted(((written | kept) & named) - there.keys()):
        yield _secret(world, module, newest, "module-secret-removed", name, "has no secret {}, which git gave it")
    for name in sorted(written & there.keys()):
        if newest is not None and name in published and there[name] > newest.created_at:
            what = "has another value of the secret {} in its draft than its newest version"
            yield _secret(world, module, newest, "module-secret-rotated", name, what)


def _secret(
    world: World, module: LiveModule, newest: ModuleVersion | None, kind: Kind, name: str, what: str
) -> Finding:
    stamps = {stamp.name: stamp.updated_at for stamp in module.draft.secrets}
    since = stamps.get(name) or module.draft.updated_at
    return found(
        world,
        kind,
        module.name,
        f"The module {module.name} {what.format(name)}.",
        severity="medium",
        detail=name,
        since=since,
        by=(_writer(world, module, since),),
        flows=_flows(world, module, newest),
        allow="lose-secret" if kind == "module-secret-added" else "",
    )


def _unmanaged(world: World, module: LiveModule) -> Finding:
    newest = module.versions[0] if module.versions else None
    content = newest.content if newest else module.draft.content
    wanted = world.desired.module(module.name)
    users = f"{module.users} deployed action{'s' if module.users != 1 else ''} use it"
    return found(
        world,
        "unmanaged-module",
        module.name,
        f"The module {module.name} was not made by git; {users}.",
        severity=_severity(world, module, newest) if newest else "low",
        diff=texts.module_diff(f"modules/{module.name}", wanted.content if wanted else None, content, "git", "live"),
        since=newest.created_at if newest else module.draft.updated_at,
        by=(_publisher(world, module, newest) if newest else _writer(world, module, module.draft.updated_at),),
        flows=_flows(world, module, newest),
    )


def _missing(world: World) -> Iterator[Finding]:
    base, there = world.base, world.live.modules
    if base is None or there is None:
        return
    for module in base.modules:
        later = (*world.between, world.desired)
        if world.live.module(module.name) is None and all(git.module(module.name) for git in later):
            by = attribution.deleter(world.deeds, module.name)
            yield found(
                world,
                "missing-module",
                module.name,
                f"The module {module.name} is gone from the tenant.",
                severity="medium",
                diff=texts.module_diff(module.path, module.content, None),
                since=by.at if by else "",
                by=(by,),
                base=world.newest,
                flows=(),
            )


def _as_git_has_it(world: World, module: LiveModule) -> bool:
    wanted = world.desired.module(module.name)
    return wanted is not None and bool(module.versions) and module.versions[0].content == wanted.content


def _base(world: World, module: LiveModule, origin: Provenance) -> ModuleContent | None:
    git = world.bases.get(origin.commit)
    known = git.module(module.name) if git else None
    if known is not None:
        return known.content
    made = (each for each in module.versions if each.number == origin.number and each.provenance == origin)
    return next((each.content for each in made if normalize.digest(each.content) == origin.digest), None)


def _kept(world: World, module: LiveModule, origin: Provenance) -> set[str]:
    gits = (world.bases.get(origin.commit), world.desired)
    known = [there for git in gits if git and (there := git.module(module.name))]
    return {secret.name for each in known for secret in each.secrets if secret.kind == "keep"}


def _severity(world: World, module: LiveModule, version: ModuleVersion) -> Severity:
    if _flows(world, module, version):
        return "high"
    return "medium" if version in used_versions(world.live, module) else "low"


def _flows(world: World, module: LiveModule, version: ModuleVersion | None) -> tuple[str, ...]:
    """The flows in which an action runs that uses that version."""
    users = [
        action.name
        for action in world.live.actions
        for use in (action.version.content.modules if action.version else ())
        if version is not None and (use.name, use.number) == (module.name, version.number)
    ]
    return tuple(sorted({flow for name in users for flow in world.flows_of(name)}))


def _writer(world: World, module: LiveModule, moment: str) -> Author | None:
    return attribution.author(attribution.of_module(world.deeds, module), attribution.DRAFT_VERBS, moment)


def _publisher(world: World, module: LiveModule, version: ModuleVersion) -> Author | None:
    deeds = attribution.of_module(world.deeds, module)
    return attribution.author(deeds, attribution.VERSION_VERBS, version.created_at, number=version.number)
