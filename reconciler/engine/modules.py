"""Modules: which have to change, and which number `latest` stands for.

Numbers are a tenant's own, so `latest` means the version that holds the module as git has it at this commit. Nothing
is published where some version holds it already, however old it is: a tenant that was put back plans empty again.
Only where somebody else published over git's versions, git's come once more, so that the newest is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import normalize, signing
from reconciler.model.action import Action, ModuleUse, Secret
from reconciler.model.module import LiveModule, Module, ModuleDraft, ModuleVersion
from reconciler.model.plan import Kept, ModuleChange, ModuleWhy, SecretChange, SecretStep
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Live, LiveAction

NOT_THERE = "not in the tenant"
"""Why something is created."""


def changes(desired: Desired, live: Live) -> tuple[ModuleChange, ...]:
    """Every module that has to be created, published anew, put back or deleted, in name order."""
    return tuple(sorted(_changes(desired, live), key=lambda change: change.name))


def resolved(desired: Desired, live: Live, planned: tuple[ModuleChange, ...]) -> Desired:
    """Desired with a number in place of every `latest`.

    It is the version that the live action uses already if that holds the module, else the one that the plan publishes,
    else the newest that holds it; 0 stays where there will be none.
    """
    published = {change.name: change.number for change in planned if change.publish and change.kind != "delete"}
    actions = tuple(_with_numbers(action, desired, live, published) for action in desired.actions)
    return desired.model_copy(update={"actions": actions})


def kept(desired: Desired) -> tuple[Kept, ...]:
    """The secrets of modules that git expects in the tenant."""
    return tuple(
        Kept(kind="module", name=module.name, secret=secret.name)
        for module in sorted(desired.modules, key=lambda module: module.name)
        for secret in module.secrets
        if secret.kind == "keep"
    )


def scope(desired: Desired, planned: tuple[ModuleChange, ...]) -> set[str]:
    """The names of all modules that git or a plan speaks of."""
    used = {use.name for action in desired.actions for use in action.content.modules}
    return used | {module.name for module in desired.modules} | {change.name for change in planned}


def holding(module: Module, live: LiveModule) -> tuple[ModuleVersion, ...]:
    """The published versions that hold the module as git wants it, its secret values included; newest first."""
    return tuple(version for version in live.versions if _holds(module, version, live))


def users(live: Live, name: str) -> tuple[str, ...]:
    """The actions of the tenant whose draft or deployed version uses the module: as long as there are any, the
    platform does not delete it (wire.md, section 4)."""
    return tuple(sorted(action.name for action in live.actions if name in _used_by(action)))


def _used_by(action: LiveAction) -> set[str]:
    deployed = action.version.content.modules if action.version else ()
    return {use.name for use in (*action.draft.content.modules, *deployed)}


def _changes(desired: Desired, live: Live) -> Iterator[ModuleChange]:
    for module in desired.modules:
        change = _change(desired, module, live.module(module.name))
        if change is not None:
            yield change
    for there in live.modules or ():
        # What somebody else published last is not deleted: git did not make it.
        if there.origin and there.owner == desired.repo and desired.module(there.name) is None:
            before = there.versions[0].content if there.versions else there.draft.content
            why = ModuleWhy(reasons=("no longer in git for this tenant",), before=before, users=users(live, there.name))
            yield ModuleChange(kind="delete", name=there.name, id=there.id, publish=False, why=why)


def _change(desired: Desired, module: Module, live: LiveModule | None) -> ModuleChange | None:
    if live is None:
        return _written(desired, module, None, (NOT_THERE,))
    if live.owner not in ("", desired.repo):
        return _written(desired, module, live, ("not made by this repository",))
    held = holding(module, live)
    if not held:
        return _written(desired, module, live, _reasons(module, live))
    if live.owner and held[0] != live.versions[0] and not _by_git(live.versions[0]):
        return _written(desired, module, live, ("published outside git",))
    if live.owner and _edited(module, live.draft):
        return _put_back(desired, module, live, held[0])
    return None


def _written(desired: Desired, module: Module, live: LiveModule | None, reasons: tuple[str, ...]) -> ModuleChange:
    newest = live.versions[0] if live and live.versions else None
    number = newest.number + 1 if newest else 1
    sent = _sends_secrets(module, live)
    return ModuleChange(
        kind="update" if live else "create",
        name=module.name,
        id=live.id if live else "",
        after=module.content,
        provenance=signing.provenance(desired, module, number),
        secrets=tuple(
            SecretStep(name=secret.name, write=sent, fingerprint=secret.fingerprint) for secret in _sorted(module)
        ),
        send_secrets=sent,
        number=number,
        why=ModuleWhy(
            reasons=reasons,
            before=newest.content if newest else None,
            secrets=tuple(_secret_changes(module, live, newest)),
            users=_users(desired, module.name),
        ),
    )


def _put_back(desired: Desired, module: Module, live: LiveModule, version: ModuleVersion) -> ModuleChange:
    # The version is right, so none is made: the platform copies it into the draft, secret values included.
    return ModuleChange(
        kind="update",
        name=live.name,
        id=live.id,
        version_id=version.id,
        after=version.content,
        provenance=version.provenance,
        publish=False,
        why=ModuleWhy(
            reasons=("draft edited, not published",),
            before=live.draft.content,
            users=_users(desired, module.name),
        ),
    )


def has_values_of_git(version: ModuleVersion, live: LiveModule) -> bool:
    """Whether the secrets of a version have the values that git wrote, as its provenance tells them.

    Another number than the one we expected means that somebody else published it: then its stamps tell, which are those
    of the version that git made unless somebody wrote a value.
    """
    told = version.provenance
    if told is None or told.number == version.number:
        return told is not None
    made = next((each for each in live.versions if each.number == told.number and each.provenance == told), None)
    return made is not None and made.secrets == version.secrets


def _holds(module: Module, version: ModuleVersion, live: LiveModule) -> bool:
    if version.content != module.content:
        return False
    if _keeps(module):
        return not any(_not_published(secret.name, version, live.draft) for secret in module.secrets)
    wanted, told = normalize.fingerprints(module.secrets), version.provenance
    if _names(version.secrets) != wanted.keys():
        return False
    return not wanted or (told is not None and told.secrets == wanted and has_values_of_git(version, live))


def _by_git(version: ModuleVersion) -> bool:
    """Whether the version is what its provenance says, as long as nobody else publishes."""
    told = version.provenance
    return told is not None and told.number == version.number and told.digest == normalize.digest(version.content)


def _edited(module: Module, draft: ModuleDraft) -> bool:
    """Whether the draft is not what git wants. Of secrets only the names count: that a copied version keeps its
    stamps was not seen on the platform, and publishing sends every value anyway."""
    names = _names(draft.secrets)
    return draft.content != module.content or (
        not _keeps(module) and names != normalize.fingerprints(module.secrets).keys()
    )


def _sends_secrets(module: Module, live: LiveModule | None) -> bool:
    return not _keeps(module) and bool(module.secrets or (live and live.draft.secrets))


def _keeps(module: Module) -> bool:
    """Whether its secrets live in the dashboard: all of them do or none, since what is sent replaces all."""
    return any(secret.kind == "keep" for secret in module.secrets)


def _not_published(name: str, version: ModuleVersion, draft: ModuleDraft) -> bool:
    """Whether the draft's value of a secret is not the version's. The stamps of modules always have six digits, so
    they compare as texts (wire.md, section 0)."""
    written = {stamp.name: stamp.updated_at for stamp in draft.secrets}
    return name not in _names(version.secrets) or written.get(name, "") > version.created_at


def _reasons(module: Module, live: LiveModule) -> tuple[str, ...]:
    if not live.versions:
        return ("never published",)
    newest = live.versions[0].content
    parts = ("dependencies", "code")
    differing = tuple(part for part in parts if getattr(module.content, part) != getattr(newest, part))
    return differing or ("secrets",)


def _secret_changes(module: Module, live: LiveModule | None, newest: ModuleVersion | None) -> Iterator[SecretChange]:
    published = _names(newest.secrets) if newest else set()
    told = newest.provenance if newest else None
    known = told.secrets if told and newest and told.number == newest.number else {}
    for secret in _sorted(module):
        if secret.kind == "keep":
            if live and newest and _not_published(secret.name, newest, live.draft):
                yield SecretChange(name=secret.name, what="not deployed")
        elif secret.name not in published:
            yield SecretChange(name=secret.name, what="new")
        elif known.get(secret.name) != secret.fingerprint:
            yield SecretChange(name=secret.name, what="rotated")
    there = published | (_names(live.draft.secrets) if live else set())
    for name in sorted(there - {secret.name for secret in module.secrets}) if not _keeps(module) else ():
        yield SecretChange(name=name, what="removed")


def _with_numbers(action: Action, desired: Desired, live: Live, published: dict[str, int]) -> Action:
    uses = tuple(
        use if use.number else ModuleUse(name=use.name, number=_number(use.name, action.name, desired, live, published))
        for use in action.content.modules
    )
    return action.model_copy(update={"content": action.content.model_copy(update={"modules": uses})})


def _number(name: str, action: str, desired: Desired, live: Live, published: dict[str, int]) -> int:
    module, there = desired.module(name), live.module(name)
    numbers = [version.number for version in holding(module, there)] if module and there else []
    deployed = live.action(action)
    used = deployed.version.content.modules if deployed and deployed.version else ()
    in_use = [use.number for use in used if use.name == name and use.number in numbers]
    return next(iter([*in_use, *([published[name]] if name in published else []), *numbers]), 0)


def _users(desired: Desired, name: str) -> tuple[str, ...]:
    return tuple(
        sorted(action.name for action in desired.actions if any(use.name == name for use in action.content.modules))
    )


def _names(stamps: tuple[SecretStamp, ...]) -> set[str]:
    return {stamp.name for stamp in stamps}


def _sorted(module: Module) -> list[Secret]:
    return sorted(module.secrets, key=lambda secret: secret.name)
