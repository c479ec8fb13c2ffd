"""What an import wrote and what it left, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.imported import Imported, Needed, Remark
from reconciler.report.numbers import number_of


def imported_lines(made: Imported) -> Iterator[str]:
    """The whole account: the count, what was left alone or changed, which values are missing, and what comes next."""
    yield summary(made)
    yield from remarks("Left alone:", made.left)
    yield from remarks("In git, but not quite as it was:", made.changed)
    if made.markers:
        yield ""
        yield "Words that auth0-deploy-cli replaces stand in the files as they are:"
        yield from (f"  {marker.file}:{marker.line}: {marker.word}" for marker in made.markers)
    yield from needed(made.secrets, made.tenant)
    yield ""
    tenant = f" --tenant {made.tenant}" if made.tenant else ""
    yield f"Next: look at the files and commit them, then `reconciler plan{tenant}`."


def summary(made: Imported) -> str:
    """One sentence that counts what was written."""
    counts = [number_of(len(made.actions), "action"), number_of(len(made.flows), "flow")]
    if made.modules:
        counts.insert(1, number_of(len(made.modules), "module"))
    return f"Imported {', '.join(counts[:-1])} and {counts[-1]} from {made.source} into {len(made.files)} files."


def remarks(title: str, listed: Sequence[Remark]) -> Iterator[str]:
    """A titled list; nothing where it is empty."""
    if listed:
        yield ""
        yield title
        yield from (f"  {each.kind} {each.name}: {each.why}" for each in listed)


def needed(secrets: Sequence[Needed], tenant: str) -> Iterator[str]:
    """The secrets whose values git does not have, and how to give them."""
    if not secrets:
        return
    option = f" --tenant {tenant}" if tenant else ""
    yield ""
    yield "Values that git does not have; the tenant keeps its own (`keep: true`) until somebody supplies them:"
    yield from (f"  {each.kind} {each.name}: {each.secret}" for each in secrets)
    yield f"To supply one: `reconciler secrets set KEY{option}`, then write KEY in place of {{keep: true}}."
    file = f"secrets/{tenant or 'TENANT'}.sops.yaml"
    yield f"A tenant's file without `secrets` needs `secrets: {file}`; `reconciler secrets init{option}` makes it."
