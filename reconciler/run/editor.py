"""Writes what an editor needs to complete and check the code of actions and modules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.desired.checks.everything import problems
from reconciler.desired.load import Documents, LoadedAction, load_repository
from reconciler.desired.tree import Tree
from reconciler.desired.validation import did_you_mean
from reconciler.engine.code_lines import place_of
from reconciler.errors import Diagnostic, InvalidInput, Span, Usage
from reconciler.report.editor.names import handler_type
from reconciler.report.editor.workspace import workspace
from reconciler.run.editor_files import differences, left_over, put, remarks
from reconciler.run.editor_owners import Coded, node_types, owners_of, typed_folders, unreadable_folders
from reconciler.run.workplace import Workplace

SHOWN = 3


@dataclass(frozen=True)
class Typed:
    """How many actions and modules were looked at, the files that were written or removed (those that would be, where
    only a check was asked for), and what people should know."""

    actions: int
    modules: int
    changed: tuple[str, ...]
    notices: tuple[Diagnostic, ...] = ()


class _WithoutCases:
    """The files of a tree but the cases, most of what there is to read and nothing to an editor."""

    def __init__(self, tree: Tree) -> None:
        self.label, self.commit, self.folder, self.load = tree.label, tree.commit, tree.folder, tree.load
        self.paths = tuple(path for path in tree.paths if not path.endswith("cases.yaml"))
        self.unread = ()  # what a link leads to is left alone


async def types_of(
    place: Workplace, names: Sequence[str] = (), *, check: bool = False, notify: Callable[[str], None] = lambda _: None
) -> Typed:
    """Writes declarations and projects for the actions and modules of that name, or for all of them; what is as it
    should be is not touched. With `check` nothing is written.

    Packages and Node's declarations are installed where the store does not have them yet; `notify` hears of each. What
    cannot be installed is left without types and told in `notices`. Raises Usage for a name that nothing has,
    InvalidInput for one whose YAML cannot be read; where no name is given such types stay as they are.
    """
    documents = load_repository(_WithoutCases(place.repository.worktree()))
    unreadable = unreadable_folders(documents)
    coded = _named(documents, names)
    owners, untyped = await owners_of(place, documents, coded, notify)
    node, without = await node_types(place, {owner.major for owner in owners}, notify)
    folder = place.repository.folder
    wanted = workspace(owners, node, sorted({*typed_folders(documents), *unreadable}))
    changed = differences(folder, wanted)
    gone = () if names else left_over(folder, wanted, unreadable)
    if not check:
        put(folder, wanted, changed, gone)
    remarked = remarks(folder, wanted, place.repository.ignored)
    notices = (*map(_stays, unreadable), *untyped, *without, *remarked, *_unannotated(coded))
    actions = sum(owner.trigger is not None for owner in owners)
    return Typed(actions, len(owners) - actions, tuple(sorted({*changed, *gone})), notices)


def _named(documents: Documents, names: Sequence[str]) -> list[Coded]:
    everything: list[Coded] = [*documents.actions, *documents.modules]
    known = {each.document.name for each in everything}
    unreadable = {posixpath.basename(folder): folder for folder in unreadable_folders(documents)}
    for name in names:
        if name in unreadable:
            raise InvalidInput(
                each for each in problems(documents) if each.span.file.startswith(f"{unreadable[name]}/")
            )
        if name not in known:
            message = f"There is no action or module '{name}'{did_you_mean(name, known)}"
            raise Usage(message, "Name those that stand in actions/ and modules/, or none for all.")
    asked = [each for each in everything if not names or each.document.name in names]
    used = {module for each in asked if isinstance(each, LoadedAction) for module in each.document.modules}
    return [*asked, *(each for each in documents.modules if each.document.name in used and each not in asked)]


def _stays(folder: str) -> Diagnostic:
    message = f"its types stay as they are: {posixpath.dirname(folder).removesuffix('s')}.yaml has mistakes."
    return Diagnostic(Span(folder), message, "Run `reconciler validate`.", "", "warning")


def _unannotated(coded: Iterable[Coded]) -> Iterator[Diagnostic]:
    """One sentence for all handlers that have no comment with a type: TypeScript gives a handler its types by nothing
    else (of an `exports.name = ...` it takes none from a declaration)."""
    places = [found for each in coded if isinstance(each, LoadedAction) for found in _bare_handlers(each)]
    if places:
        span, handler = places[0]
        others = [str(at) for at, _ in places[1:SHOWN]]
        more = len(places) - 1 - len(others)
        also = ", ".join([*others, *([f"{more} more"] if more else [])])
        message = f"an editor knows nothing of event and api here{f' (and in {also})' if also else ''}."
        yield Diagnostic(span, message, f"Write /** @type {{{handler_type(handler)}}} */ before it.", "", "warning")


def _bare_handlers(action: LoadedAction) -> Iterator[tuple[Span, str]]:
    code = action.code or ""
    for found in re.finditer(
        r"^[ \t]*(?:module\.)?exports\.(on[A-Z]\w*)\s*=\s*(?:async\b|function\b|\()", code, re.MULTILINE
    ):
        before = code[: found.start()].rstrip()
        comment = before[before.rfind("/**") :] if before.endswith("*/") else ""
        if not re.search(r"@(type|param)\s*\{", comment):
            begin = found.end() - len(found[0].lstrip(" \t"))
            place = place_of(code, begin)
            yield Span(action.code_file, place.line, place.column), found[1]
