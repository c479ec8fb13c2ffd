"""The files of an editor's workspace on disk: which differ, which are somebody's own, which are left over."""

from __future__ import annotations

import contextlib
import json
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from reconciler.desired import atomic
from reconciler.errors import Diagnostic, Span
from reconciler.report.editor.names import MARK
from reconciler.report.editor.workspace import ENTRY, FOLDER, IGNORE, PACKAGES, PROJECT, Workspace
from reconciler.run.workplace import STATE_FOLDER

KINDS = ("actions", "modules")
STORE = "packages"
"""The folder of the store of packages: a link into it is ours."""


def differences(folder: Path, wanted: Workspace) -> tuple[str, ...]:
    """The files and links that are not as they should be, without those that somebody wrote by hand."""
    files = (path for path, text in wanted.files.items() if _text(folder / path) != text)
    links = (path for path, target in wanted.links.items() if _target(folder / path) != target)
    return tuple(
        sorted(path for path in (*files, *links) if path.startswith(f"{FOLDER}/") or not _is_theirs(folder / path))
    )


def left_over(folder: Path, wanted: Workspace, kept: Sequence[str]) -> tuple[str, ...]:
    """What was written for actions and modules that are no more, or that have no packages any more. What is in
    the folders of `kept` stays."""
    entries = (home / name for home in _homes(folder) for name in (ENTRY, PACKAGES))
    ours = (path for path in entries if (path.is_symlink() or path.is_file()) and not _is_theirs(path))
    made = [path for path in (folder / FOLDER).rglob("*") if not path.is_dir() and not _compilers(folder, path, wanted)]
    found = [path.relative_to(folder).as_posix() for path in (*ours, *made)]
    stays = tuple(f"{home}{each}/" for each in kept for home in ("", f"{FOLDER}/"))
    if kept:
        stays += (f"{FOLDER}/triggers/",)
    gone = (path for path in found if path not in wanted.files and path not in wanted.links)
    return tuple(sorted(path for path in gone if not path.startswith(stays)))


def _homes(folder: Path) -> Iterator[Path]:
    """The folders of actions and modules; what a symbolic link leads to is somebody else's."""
    for kind in KINDS:
        there = folder.resolve() / kind
        yield from (folder / kind / home.name for home in there.glob("*") if home.resolve() == home)


def _compilers(folder: Path, path: Path, wanted: Workspace) -> bool:
    """Whether `tsc --build` keeps there what it knows of a project that still is."""
    project = path.with_name(PROJECT).relative_to(folder).as_posix()
    return path.suffix == ".tsbuildinfo" and project in wanted.files


def remarks(folder: Path, wanted: Workspace, ignored: Callable[[Path], bool]) -> Iterator[Diagnostic]:
    """What files that somebody wrote by hand, and that are left as they are, need for an editor to know the code.
    `ignored` tells whether git ignores a file."""
    for path in wanted.files:
        if path.endswith(f"/{ENTRY}"):
            yield from _own_projects(folder, posixpath.dirname(path))
        elif path.endswith(f"/{IGNORE}") and _is_theirs(folder / path):
            yield from _own_ignores(folder, path, wanted, ignored)


def put(folder: Path, wanted: Workspace, changed: Iterable[str], gone: Iterable[str]) -> None:
    """Writes what changed and removes what is left over; folders that become empty go with it. Raises OSError."""
    state = folder / STATE_FOLDER / IGNORE
    if not state.exists():
        atomic.write(state, b"*\n")
    for path in changed:
        if path in wanted.files:
            atomic.write(folder / path, wanted.files[path].encode())
        else:
            _link(folder / path, wanted.links[path])
    for path in gone:
        (folder / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty
            (folder / path).parent.rmdir()


def _own_projects(folder: Path, owner: str) -> Iterator[Diagnostic]:
    """Of a jsconfig.json and a tsconfig.json side by side, an editor takes the latter."""
    for name, what in ((ENTRY, "it is yours and stays as it is"), (PROJECT, f"an editor takes it, not {ENTRY}")):
        file = folder / owner / name
        if _is_theirs(file) and FOLDER not in (_text(file) or ""):
            base = json.dumps(posixpath.relpath(f"{FOLDER}/{owner}/{PROJECT}", owner))
            remedy = f'Let it say "extends": {base}, or remove it.'
            yield Diagnostic(Span(f"{owner}/{name}"), f"{what}, so nothing completes here.", remedy, "", "warning")


def _own_ignores(folder: Path, path: str, wanted: Workspace, ignored: Callable[[Path], bool]) -> Iterator[Diagnostic]:
    kind = posixpath.dirname(path)
    written = [each for each in (*wanted.files, *wanted.links) if posixpath.dirname(posixpath.dirname(each)) == kind]
    if written and not ignored(folder / written[0]):
        remedy = f"Add /*/{ENTRY} and /*/{PACKAGES} to it."
        message = f"git takes what is written beside the code of {kind} for new files."
        yield Diagnostic(Span(path), message, remedy, "", "warning")


def _is_theirs(path: Path) -> bool:
    """Whether something stands there that was not written here."""
    if path.is_symlink():
        return path.name != PACKAGES or Path(_target(path)).parent.parent.name != STORE
    text = _text(path)
    return path.is_dir() or (text is not None and MARK not in text)


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _target(path: Path) -> str:
    return str(path.readlink()) if path.is_symlink() else ""


def _link(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)
