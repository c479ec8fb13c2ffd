"""The three ways out of a finding: revert, adopt, ignore."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from datetime import date, timedelta

from reconciler.model.drift import Kind, WayOut

IGNORED_DAYS = 30
"""How long the entry that is offered for ignoring a finding counts."""

REVERTS = "Puts git's state back."

NOT_REVERTED: Mapping[Kind, str] = {
    "unmanaged-action": "Git never deletes what it did not make: delete it in the tenant.",
    "unmanaged-module": "Git never deletes what it did not make: delete it in the tenant.",
    "failed-build": "An apply writes the draft only where it differs from what runs: save it once more in the tenant.",
    "rolled-back": "Run `git revert` on what was rolled back from, so that the way back lasts; deploying it again is "
    "refused unless `--allow rolled-back` says so.",
}
"""Findings that an apply alone leaves as they are, and what to do."""

NOT_ADOPTED: Mapping[Kind, str] = {
    "module-secret-rotated": "A value cannot be read from a tenant: set the new one with `reconciler secrets set`.",
    "failed-build": "A draft that does not build is nothing to keep.",
    "redeployed": "There is nothing to take over: the content is git's.",
    "module-version-added": "There is nothing to take over: the content is git's.",
    "undeployed-draft": "It comes from git already.",
}
"""Findings that adopt cannot put into files, and why."""


def ways(
    finding: str, kind: Kind, tenant: str, today: date, *, allow: str = "", stuck: str = "", alien: str = ""
) -> tuple[WayOut, ...]:
    """Revert, adopt and ignore, in that order, each with what to type or to paste.

    `allow` is the guard that an apply has to be told to pass; `stuck` says why an apply does not revert this very
    finding, `alien` why it cannot be adopted.
    """
    stuck, alien = stuck or NOT_REVERTED.get(kind, ""), alien or NOT_ADOPTED.get(kind, "")
    apply = f"reconciler apply --tenant {shlex.quote(tenant)}" + (f" --allow {allow}" if allow else "")
    adopt = f"reconciler adopt {shlex.quote(finding)} --tenant {shlex.quote(tenant)}"
    return (
        WayOut(way="revert", note=stuck) if stuck else WayOut(way="revert", text=apply, note=REVERTS),
        WayOut(way="adopt", note=alien) if alien else WayOut(way="adopt", text=adopt, note="Writes it into the files."),
        WayOut(way="ignore", text=_entry(finding, today), note=f"Say why, in tenants/{tenant}.yaml."),
    )


def _entry(finding: str, today: date) -> str:
    until = (today + timedelta(days=IGNORED_DAYS)).isoformat()
    # A JSON text is a YAML text too, whatever stands in a name.
    entry = f"{{finding: {json.dumps(finding, ensure_ascii=False)}, reason: why it may stay, until: {until}}}"
    return f"drift: {{ignore: [{entry}]}}"
