"""Secrets that somebody added, removed or rewrote outside git.

A value can never be read back. Names are what the version's line says git wrote, and what git keeps; values are told by
the instants at which they were written: those of the version that git's apply made are git's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.engine import attribution
from reconciler.engine.drift.held import Held
from reconciler.engine.drift.world import World, found
from reconciler.model.action import Secret
from reconciler.model.drift import Finding, Kind
from reconciler.model.stamp import SecretStamp

_TELLS: Mapping[Kind, tuple[str, str]] = {
    "secret-added": ("runs with the secret {}, which git does not name", "has the secret {}, which git does not name"),
    "secret-removed": ("runs without the secret {}, which git gave it", "has no secret {}, which git gave it"),
    "secret-rotated": (
        "runs with another value of the secret {} than git gave it",
        "has another value of the secret {} than the version that runs",
    ),
}


KEPT = "Git keeps the tenant's own value and cannot bring it back: set it in the tenant."


def findings(world: World, held: Held) -> Iterator[Finding]:
    """One finding for each secret: of the version that runs, or else of the draft."""
    deployed = dict(_deployed(world, held))
    for name, kind in sorted(deployed.items()):
        since = _written(held, name) or held.version.created_at
        yield _found(world, held, kind, name, since, draft=False)
    for name, kind in sorted(_drafted(world, held)):
        if name not in deployed:
            stamp = _stamps(held.live.draft.secrets).get(name, "")
            yield _found(world, held, kind, name, stamp or held.live.draft.updated_at, draft=True)


def doubtful(held: Held) -> bool:
    """Whether it cannot be told if the secrets still have git's values: another hand deployed, and the version that git
    made is gone from the history."""
    return held.reference is None and bool(held.provenance.secrets)


def _deployed(world: World, held: Held) -> Iterator[tuple[str, Kind]]:
    there = _stamps(held.version.secrets)
    written, kept = set(held.provenance.secrets), _kept(world, held)
    for name in there.keys() - written - kept:
        yield name, "secret-added"
    for name in ((written | _kept_at_base(held)) & _named(world, held)) - there.keys():
        yield name, "secret-removed"
    ours = _stamps(held.reference.secrets) if held.reference else there
    for name in (written & there.keys() & ours.keys()) - kept:
        if ours[name] != there[name]:
            yield name, "secret-rotated"


def _drafted(world: World, held: Held) -> Iterator[tuple[str, Kind]]:
    """What only the draft has: not where it is one that an apply left, whose secrets are git's own."""
    draft = held.live.draft
    if draft.provenance not in (None, held.version.provenance, held.provenance):
        return
    there, runs = _stamps(draft.secrets), _stamps(held.version.secrets)
    kept = _kept(world, held)
    for name in there.keys() - runs.keys() - kept:
        yield name, "secret-added"
    for name in runs.keys() - there.keys():
        yield name, "secret-removed"
    for name in (runs.keys() & there.keys()) - kept:
        if runs[name] != there[name]:
            yield name, "secret-rotated"


def _found(world: World, held: Held, kind: Kind, name: str, since: str, *, draft: bool) -> Finding:
    runs, waits = _TELLS[kind]
    what = f"The draft of {held.name} {waits.format(name)}." if draft else f"{held.name} {runs.format(name)}."
    deeds = attribution.of_action(world.deeds, held.live)
    wrote = attribution.author(deeds, attribution.DRAFT_VERBS, since)
    deployed = None if draft else attribution.version_author(world.deeds, held.live)
    return found(
        world,
        kind,
        held.name,
        what,
        severity="medium" if draft else world.severity(held.live),
        detail=name,
        since=since,
        by=(wrote, deployed),
        base=held.provenance.commit,
        allow="lose-secret" if kind == "secret-added" else "",
        stuck=KEPT if kind == "secret-removed" and name in _kept(world, held) else "",
    )


def _written(held: Held, name: str) -> str:
    return _stamps(held.version.secrets).get(name, "")


def _named(world: World, held: Held) -> set[str]:
    """The secrets that git names now: what it names no more may well be gone."""
    wanted = world.desired.action(held.name)
    return {secret.name for secret in wanted.secrets} if wanted else set(held.provenance.secrets)


def _kept(world: World, held: Held) -> set[str]:
    """The secrets that live in the dashboard, at the base or now: git takes no notice of what is done to them."""
    wanted = world.desired.action(held.name)
    return _kept_at_base(held) | (_keeps(wanted.secrets) if wanted else set())


def _kept_at_base(held: Held) -> set[str]:
    return _keeps(held.action.secrets) if held.action else set()


def _keeps(secrets: Iterable[Secret]) -> set[str]:
    return {secret.name for secret in secrets if secret.kind == "keep"}


def _stamps(secrets: Iterable[SecretStamp]) -> dict[str, str]:
    return {stamp.name: stamp.updated_at for stamp in secrets}
