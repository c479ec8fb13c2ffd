"""Writes the snapshots that a test run recorded."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.desired.checks.flow_cases import snapshot_file, snapshot_names
from reconciler.desired.load import Documents
from reconciler.desired.writing.files import write_all
from reconciler.desired.writing.snapshots import render_snapshots
from reconciler.run.snapshots import Snapshots, Written


def write_snapshots(documents: Documents, snapshots: Snapshots, ran: Iterable[str], *, everything: bool) -> Written:
    """Writes what was recorded. Entries of cases that are gone are taken out, of the files of cases that `ran`, and
    with `everything` of all. What did not change is not written."""
    tree, wanted = documents.tree, snapshot_names(documents)
    files = {snapshot_file(file) for file in ran} | snapshots.recorded.keys()
    files |= documents.snapshots.keys() if everything else set()
    made: dict[str, bytes | None] = {}
    for path in sorted(files):
        entries = {**snapshots.kept_in(path), **snapshots.recorded.get(path, {})}
        left = {name: entry for name, entry in entries.items() if name in wanted.get(path, ())}
        content = render_snapshots(path, left) if left else None
        if content != (tree.load(path) if path in tree.paths else None):
            made[path] = content
    write_all(tree.folder, made)
    return Written(
        files=tuple(path for path, content in made.items() if content is not None),
        removed=tuple(path for path, content in made.items() if content is None),
    )
