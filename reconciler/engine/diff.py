"""How one action in git differs from the one in the tenant."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.action import Action, Content, Secret
from reconciler.model.plan import SecretChange, SecretStep
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import LiveAction, Version


def content_reasons(desired: Content, live: Content) -> tuple[str, ...]:
    """The names of the parts that differ, in the order people look at them."""
    parts = ("trigger", "runtime", "dependencies", "modules", "code")
    return tuple(part for part in parts if getattr(desired, part) != getattr(live, part))


def draft_differs(live: LiveAction, version: Version) -> bool:
    """Whether somebody, or an apply that was killed, left something in the draft that does not run."""
    return live.draft.content != version.content or live.draft.provenance != version.provenance


def secret_changes(desired: Action, live: LiveAction | None) -> tuple[SecretChange, ...]:
    """What happens to each secret when git becomes true, in name order.

    A value can never be read back, so it is known only by what the version says of itself: the fingerprint in its
    provenance, its number (another number means another hand deployed it: then the stamps tell, which are those of the
    version that git made unless somebody wrote a value), and the stamps of draft and version, which are equal unless a
    value was written after the deploy.
    """
    return tuple(sorted(_changes(desired, live), key=lambda change: change.name))


def secret_steps(desired: Action, changes: tuple[SecretChange, ...]) -> tuple[SecretStep, ...]:
    """Every secret that the action has afterwards, in name order; values are sent only for those that change."""
    written = {change.name for change in changes if change.what != "removed"}
    return tuple(
        SecretStep(
            name=secret.name,
            write=secret.kind != "keep" and secret.name in written,
            fingerprint=secret.fingerprint,
        )
        for secret in sorted(desired.secrets, key=lambda secret: secret.name)
    )


def is_value_of_git(name: str, live: LiveAction) -> bool:
    """Whether the deployed value of a secret is the one that git wrote, as the provenance tells it."""
    version = live.version
    if version is None or version.provenance is None or name not in version.provenance.secrets:
        return False
    if version.provenance.number == version.number:
        return True
    ours = _stamps(live.made.secrets) if live.made else {}
    return name in ours and ours[name] == _stamps(version.secrets).get(name)


def _changes(desired: Action, live: LiveAction | None) -> Iterator[SecretChange]:
    there = _stamps(live.draft.secrets) if live else {}
    deployed = _stamps(live.version.secrets) if live and live.version else {}
    for secret in desired.secrets:
        if secret.kind == "keep":
            # Set by hand in the draft: the code that runs gets it only with the next version.
            if secret.name in there and there[secret.name] != deployed.get(secret.name):
                yield SecretChange(name=secret.name, what="not deployed")
            continue
        if secret.name not in there or secret.name not in deployed:
            yield SecretChange(name=secret.name, what="new")
        elif live and live.version and _rotated(secret, live, live.version):
            yield SecretChange(name=secret.name, what="rotated")
        elif there[secret.name] != deployed.get(secret.name):
            yield SecretChange(name=secret.name, what="changed outside git")
    wanted = {secret.name for secret in desired.secrets}
    for name in sorted((there.keys() | deployed.keys()) - wanted):
        yield SecretChange(name=name, what="removed")


def _rotated(secret: Secret, live: LiveAction, version: Version) -> bool:
    provenance = version.provenance
    told = provenance.secrets.get(secret.name) if provenance else None
    return told != secret.fingerprint or not is_value_of_git(secret.name, live)


def _stamps(secrets: tuple[SecretStamp, ...]) -> dict[str, str]:
    return {secret.name: secret.updated_at for secret in secrets}
