"""Begins a repository: every file that it needs to work at once, all of them or none."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from reconciler.desired import atomic, patterns, secret_files
from reconciler.desired.git_beginning import begun_git, git_top
from reconciler.desired.schema import render_schema
from reconciler.desired.sops import Sops, binary
from reconciler.desired.state import KEY_FILE
from reconciler.desired.tree import ROOT_FILE
from reconciler.desired.writing.files import write_all
from reconciler.desired.writing.rendering import Files, render_root
from reconciler.errors import Diagnostic, InvalidInput, Span, Usage
from reconciler.model.starting import Begun
from reconciler.run.schema import every_schema
from reconciler.run.workflows import workflows
from reconciler.settings import Settings
from reconciler.templates.repository import repository_files

SECRETS = "secrets/local.sops.yaml"
IGNORE = ".gitignore"
KEPT = ("README.md", ".gitattributes")
"""What a folder may have already, and keeps."""

KEYS = "~/.config/sops/age"
"""Where keys of new repositories are kept: outside of them, so that no `git clean` takes one away, and beside those
that sops itself looks for."""


@dataclass(frozen=True)
class Beginning:
    """A repository that is to be: its folder, its name (the folder's where it is empty), with workflows or without."""

    folder: Path
    name: str = ""
    workflows: bool = True


@dataclass(frozen=True)
class Means:
    """What keys are made of, and dated by."""

    randbytes: Callable[[int], bytes]
    clock: Callable[[], datetime]


def init(settings: Settings, wish: Beginning, means: Means) -> Begun:
    """Makes the repository, and a git repository where there is none. Nothing that is there is overwritten: what git is
    to ignore is added to its .gitignore, and a README.md stays as it is.

    Raises Usage for a name that no repository can have, or a folder in another repository; InvalidInput with each file
    that is there already; SecretsError where no key can be made or used.
    """
    folder = wish.folder.resolve()
    _alone(folder)
    name = _name(wish, folder)
    there = git_top(folder)
    top = there or folder
    prefix = "" if folder == top else f"{folder.relative_to(top).as_posix()}/"
    key_name, key_file = _key_file(settings, folder, name)
    files = {f"{prefix}{path}": content for path, content in _files(name, key_name, workflows=wish.workflows).items()}
    if wish.workflows:
        files |= {path: text.encode() for path, text in workflows(prefix).items()}
    ignore = f"{prefix}{IGNORE}"
    changed = [ignore] if (folder / IGNORE).is_file() else []
    kept = [f"{prefix}{path}" for path in KEPT if (folder / path).is_file()]
    _free(top, {*files, f"{prefix}{secret_files.CONFIG}", f"{prefix}{SECRETS}"} - {*kept, ignore})
    files[ignore] = _ignoring(folder / IGNORE, files[ignore])
    secrets = _secrets(settings, key_file, means)
    files |= {f"{prefix}{secret_files.CONFIG}": secrets.config, f"{prefix}{SECRETS}": secrets.file}
    written = {path: content for path, content in sorted(files.items()) if path not in kept}
    with _git(folder, new=there is None), _key(key_file, secrets.key):
        write_all(top, written)
    return Begun(
        name=name,
        folder=str(folder),
        made=tuple(path for path in written if path not in changed),
        changed=tuple(changed),
        kept=tuple(kept),
        key_file=str(key_file),
        new_key=secrets.key is not None,
        new_git=there is None,
    )


def _alone(folder: Path) -> None:
    """Raises Usage for a folder that is a repository, or is in one, or is no folder."""
    if (folder / ROOT_FILE).exists():
        raise Usage(f"{folder} is a repository already: it has a {ROOT_FILE}.", "`reconciler new` adds to it.")
    around = next((each for each in folder.parents if (each / ROOT_FILE).is_file()), None)
    if around:
        raise Usage(f"{folder} is in the repository {around}.", "Begin another one beside it, not in it.")
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        raise Usage(f"{there} is not a folder.", "Name one, or a name that is free.")


def _name(wish: Beginning, folder: Path) -> str:
    name = wish.name or folder.name
    if not re.fullmatch(patterns.REPOSITORY_NAME, name) or len(name) > 100:
        asked = f"The name {patterns.PATTERNS[patterns.REPOSITORY_NAME]}, and 100 signs at most."
        raise Usage(f"'{name}' cannot be the name of a repository.", f"Give one with --name. {asked}")
    return name


def _key_file(settings: Settings, folder: Path, name: str) -> tuple[str, Path]:
    """Where the age key goes: as the tenant file names it, and as a path. For a user without a home it is in the
    folder, and ignored."""
    home = settings.environ.get("HOME", "")
    if not home:
        return KEY_FILE, folder / KEY_FILE
    named = f"{KEYS}/{name.replace('/', '-')}.txt"
    return named, Path(home) / named[2:]


def _files(name: str, key_file: str, *, workflows: bool) -> Files:
    schemas = {f"schemas/{file}": render_schema(schema).encode() for file, schema in every_schema().items()}
    texts = repository_files(name, key_file, workflows=workflows)
    return {**render_root(name), **{path: text.encode() for path, text in texts.items()}, **schemas}


def _ignoring(file: Path, wanted: bytes) -> bytes:
    """The .gitignore with every line that is wanted."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    there = set(text.splitlines())
    missing = [line for line in wanted.decode().splitlines() if line not in there]
    ended = text if text.endswith("\n") or not text else f"{text}\n"
    return (ended + "".join(f"{line}\n" for line in missing)).encode()


def _free(top: Path, paths: Collection[str]) -> None:
    """Raises InvalidInput with everything that is in the way of those files, or of the folders that they go into."""
    remedy = "Begin in an empty folder, or move it away; --no-workflows leaves workflows out."
    taken = [Diagnostic(Span(path), "the file is there already.", remedy) for path in paths if (top / path).exists()]
    folders = {folder.as_posix() for path in paths for folder in PurePosixPath(path).parents}
    for folder in folders:
        if os.path.lexists(top / folder) and not (top / folder).is_dir():
            taken.append(Diagnostic(Span(folder), "a folder is to be there, and this is none.", remedy))
    if taken:
        raise InvalidInput(taken, str(top))


def _secrets(settings: Settings, key_file: Path, means: Means) -> secret_files.Sealed:
    with TemporaryDirectory() as folder:
        sops = Sops(binary(lambda: Path(folder)), settings.environ)
        return secret_files.sealed(sops, SECRETS, key_file, randbytes=means.randbytes, clock=means.clock)


@contextmanager
def _git(folder: Path, *, new: bool) -> Iterator[None]:
    """A git repository in the folder, where there is none; as it was before where something fails."""
    if not new:
        yield
        return
    with begun_git(folder):
        yield


@contextmanager
def _key(file: Path, key: bytes | None) -> Iterator[None]:
    """The key in its file, where it is new; as it was before where something fails."""
    if key is not None:
        atomic.write(file, key, mode=0o600)
    try:
        yield
    except BaseException:
        if key is not None:
            file.unlink(missing_ok=True)
        raise
