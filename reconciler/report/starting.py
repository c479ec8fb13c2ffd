"""What was begun, and what comes next, as lines of text; templates as a table and as their files."""

from __future__ import annotations

import posixpath
import shlex
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.text import Text

from reconciler.model.starting import Added, Begun, Offer
from reconciler.report.text import table
from reconciler.report.visible import visible

DEFAULT_TENANT = "local"
SCHEMAS = "/schemas/"
WIDTH = 100
LANGUAGES = {"js": "javascript", "yaml": "yaml"}


def added_lines(added: Added) -> Iterator[str]:
    """What was written, what is left to do, and the commands that come next."""
    yield from _paths(added.made, added.changed)
    yield from _list("To finish:", added.finish)
    yield from _list("Tenants without a file for secrets; `secrets:` in their own file names one:", added.homeless)
    yield from _commands(_next(added))


def begun_lines(begun: Begun, way_there: str) -> Iterator[str]:
    """What was written, where the key is, and the commands that come next; `way_there` is the folder as somebody types
    it who is where the command was, empty for that very place."""
    if begun.new_git:
        yield f"made a git repository in {begun.folder}"
    schemas = [path for path in begun.made if SCHEMAS in f"/{path}"]
    yield from _paths((path for path in begun.made if path not in schemas), ())
    yield f"wrote {visible(posixpath.dirname(schemas[0]))}/ ({len(schemas)} files)"
    yield from _paths((), begun.changed)
    yield from (f"kept {visible(path)}, which was there" for path in begun.kept)
    yield ""
    yield f"The age key {'is new' if begun.new_key else 'was there, and is used'}: {begun.key_file}"
    yield "Who is to read secrets needs it, and so do pipelines (as SOPS_AGE_KEY). It is not in git, and nobody can"
    yield "make it again: keep a copy where your team keeps passwords."
    action = "reconciler new action check-email --template verified-email-only"
    beside = "reconciler.yaml" not in begun.made and any(path.startswith(".github/") for path in begun.made)
    added = ". :/.github" if beside else "."  # workflows are at the top of git
    commit = f"git add {added} && git commit -m {shlex.quote(f'Begin {begun.name}')}"
    there = [f"cd {shlex.quote(way_there)}"] if way_there else []
    yield from _commands([*there, action, commit, "reconciler apply --yes"])


def offers_table(offers: Sequence[Offer]) -> RenderableType:
    """Every template in a line."""
    rows = [(each.name, each.trigger, each.title, _asks(each)) for each in offers]
    made = table(("template", "trigger", "what it is for", "needs"), rows)
    made.columns[0].no_wrap = made.columns[1].no_wrap = True
    return made


def preview(offer: Offer, files: Mapping[str, str], *, coloured: bool) -> RenderableType:
    """A template with its files; with `coloured` in the colours of their languages."""
    parts: list[RenderableType] = [Text(f"{offer.name} ({offer.trigger}): {offer.title}", "bold")]
    parts += [Text(line) for line in _list("To finish:", offer.finish)]
    for name, text in files.items():
        parts += [Text(), Text(f"-- {name} --", "bold cyan")]
        language = LANGUAGES[name.rpartition(".")[2]]
        whole = text.rstrip("\n")
        parts.append(Syntax(whole, language, theme="ansi_dark") if coloured else Text(whole))
    return Group(*parts)


def _asks(offer: Offer) -> str:
    return ", ".join([*offer.secrets, *(f"npm {package}" for package in offer.packages)])


def _next(added: Added) -> Iterator[str]:
    for each in added.unset:
        option = "" if each.tenant == DEFAULT_TENANT else f" --tenant {shlex.quote(each.tenant)}"
        yield f"reconciler secrets set {each.key}{option}"
    ended = "-- " if added.name.startswith("-") else ""  # else it is taken for an option
    yield f"reconciler test {ended}{shlex.quote(added.name)}" if added.kind == "action" else "reconciler validate"


def _paths(made: Iterable[str], changed: Iterable[str]) -> Iterator[str]:
    yield from (f"wrote {visible(path)}" for path in made)
    yield from (f"changed {visible(path)}" for path in changed)


def _list(title: str, listed: Sequence[str]) -> Iterator[str]:
    if listed:
        yield ""
        yield title
        for each in listed:
            yield from textwrap.wrap(each, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _commands(commands: Iterable[str]) -> Iterator[str]:
    yield ""
    yield "Next:"
    yield from (f"  {command}" for command in commands)
