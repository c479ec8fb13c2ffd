"""What an adoption wrote and what it left, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.adopted import Adopted
from reconciler.report.imported import needed, remarks


def adopted_lines(made: Adopted) -> Iterator[str]:
    """The whole account: what was taken into which files, what was not, and what comes next."""
    yield from (f"adopted {finding}" for finding in made.findings)
    yield from (f"  wrote {path}" for path in made.files)
    yield from (f"  removed {path}" for path in made.removed)
    if not made.files and not made.removed:
        yield f"Nothing was written: there is nothing in {made.tenant} to take into git."
    yield from remarks("Not taken:", made.left)
    yield from remarks("Taken, but not all of it can be said in git:", made.remaining)
    yield from remarks("Replaced, though git's own change of it was not applied yet:", made.replaced)
    yield from needed(made.kept, made.tenant)
    if made.shared:
        yield ""
        yield f"What was written holds for {', '.join(made.shared)} too: their next plan shows it."
    if made.files or made.removed:
        yield ""
        yield f"Next: look at `git diff`, commit, and `reconciler plan --tenant {made.tenant}`."
