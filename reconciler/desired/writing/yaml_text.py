"""YAML text: new files as a person would write them, and edits of files that people wrote, comments and all."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

WIDTH = 4096
"""Nothing is folded: a line is what a person wrote."""

_BELOW_KEY = r"[^\s#-][^\n]*?:(?:[ \t]*(?:#[^\n]*)?\n)+"
_ITEM = re.compile(rf"^( *){_BELOW_KEY}( *)- ", re.MULTILINE)
_KEY_LIKE = re.compile(r"^[?:]|:\?")
_NESTED = re.compile(rf"^{_BELOW_KEY}( +)[^\s#-]", re.MULTILINE)


def render_document(value: Mapping[str, Any], schema: str, comment: str = "") -> str:
    """The text of a new file: the line that tells editors its schema, a comment, then the values in the order given."""
    lines = [f"# yaml-language-server: $schema={schema}", *([f"# {comment}"] if comment else [])]
    return "\n".join(lines) + "\n" + _dumped(_yaml(), _plain(value))


def edited(text: str, change: Callable[[CommentedMap], None]) -> str:
    """The text of a file after a change of what it holds; comments, order, quotes and indentation stay.

    The text must be one that `located_yaml.parse` has nothing against, with a mapping at its top.
    """
    lines = text.replace("\r\n", "\n")
    yaml = _yaml(lines)
    value = yaml.load(lines)
    before = copy.deepcopy(value)
    change(value)
    if value == before and list(value) == list(before):
        return text
    made = _dumped(yaml, value)
    return made.replace("\n", "\r\n") if "\r\n" in text else made


def inline(value: Mapping[str, Any]) -> CommentedMap:
    """A mapping that is written in one line: `{keep: true}`."""
    made = CommentedMap(_plain(value))
    made.fa.set_flow_style()
    return made


def scalar(value: str) -> str:
    """A value that any YAML parser reads as this text: what is no plain character is written as an escape, and what
    looks like a key is quoted, since parsers of YAML 1.1 take it for one between braces."""
    plain = value.isprintable() and not _KEY_LIKE.search(value)
    return value if plain else DoubleQuotedScalarString(value)


def remove(mapping: CommentedMap, key: str) -> None:
    """Take a key out with its value and the comment in its line; the lines of comment below it stay."""
    keys = list(mapping)
    at = keys.index(key)
    below = _below(mapping, key)
    mapping.ca.items.pop(key, None)
    del mapping[key]
    if below and at > 0:
        _add_below(mapping, keys[at - 1], below)
    elif below and len(keys) > 1:
        mapping.yaml_set_comment_before_after_key(keys[1], before=_uncommented(below), indent=mapping.lc.col)


def rearrange(items: CommentedSeq, wanted: Sequence[Any]) -> None:
    """Give a list other items. An item that it has already keeps its form, and its comments: that in its line and those
    above it. What stands below the last one stays below the last one."""
    before = list(items)
    places = _places(before, wanted)
    if items and not wanted:
        _empty(items)
        return
    if items.fa.flow_style() or not items:
        items[:] = [item if place is None else before[place] for place, item in zip(places, wanted, strict=True)]
        return
    said = [_cut(items, at) for at in range(len(before))]
    above, tail = ["", *(each.below for each in said)], said[-1].below
    items.clear()
    items.ca.items.clear()
    for place, item in zip(places, wanted, strict=True):
        items.append(item if place is None else before[place])
    for at, place in enumerate(places):
        following = places[at + 1] if at + 1 < len(places) else len(before)
        below = tail if following == len(before) else "" if following is None else above[following]
        _put(items, at, said[place] if place is not None else _Said(), below)
    if places[0] and above[places[0]].strip():
        items.yaml_set_comment_before_after_key(0, before=_uncommented(above[places[0]]), indent=items.lc.col)


def _empty(items: CommentedSeq) -> None:
    tail = "" if items.fa.flow_style() else _cut(items, len(items) - 1).below
    items.clear()
    items.ca.items.clear()
    items.fa.set_flow_style()  # an empty block below lines of comment would stand at the column of its key
    if tail and items.ca.comment and items.ca.comment[0]:
        items.ca.comment[0].value += tail  # the key has the very token, and it is the key's that is written
    elif tail:
        items.ca.comment = [CommentToken("\n" + tail, CommentMark(0)), None]


@dataclass(frozen=True)
class _Said:
    """The comment in the line of an item, the column that it begins at, and the lines below it."""

    beside: str = ""
    column: int = 0
    below: str = ""


def _cut(items: CommentedSeq, at: int) -> _Said:
    comments, key, index = _slot(items, at)
    tokens = comments.pop(key, None)
    token = tokens[index] if tokens else None
    if token is None:
        return _Said()
    beside, _, below = token.value.partition("\n")
    return _Said(beside, token.column, below)


def _put(items: CommentedSeq, at: int, said: _Said, below: str) -> None:
    if said.beside or below:
        comments, key, index = _slot(items, at)
        tokens: list[CommentToken | None] = [None, None, None, None]
        tokens[index] = CommentToken(f"{said.beside}\n{below}", CommentMark(said.column))
        comments[key] = tokens


def _slot(items: CommentedSeq, at: int) -> tuple[dict[Any, Any], Any, int]:
    """Where ruamel keeps what follows an item: with the last thing in it."""
    comments, key, index, value = items.ca.items, at, 0, items[at]
    while isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        last = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
        index = 2 if isinstance(value, CommentedMap) else 0
        comments, key, value = value.ca.items, last, value[last]
    return comments, key, index


def _uncommented(lines: str) -> str:
    return "\n".join(line.strip().removeprefix("#").removeprefix(" ") for line in lines.splitlines() if line.strip())


def _places(before: Sequence[Any], wanted: Sequence[Any]) -> list[int | None]:
    """Where each wanted item stood; every place is given away once."""
    free = list(range(len(before)))
    found: list[int | None] = []
    for item in wanted:
        place = next((at for at in free if before[at] == item), None)
        if place is not None:
            free.remove(place)
        found.append(place)
    return found


def _below(mapping: CommentedMap, key: str) -> str:
    """The lines of comment after a value, which ruamel keeps with the last thing in it; those that are indented as the
    value's own parts are go with it."""
    tokens, value = mapping.ca.items.get(key), mapping[key]
    nested = False
    while isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        last = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
        tokens, value, nested = value.ca.items.get(last), value[last], True
    at = 2 if tokens and len(tokens) > 2 else 0
    token = tokens[at] if tokens else None
    lines = token.value.partition("\n")[2].splitlines(keepends=True) if token else []
    column = mapping.lc.col
    kept = [line for line in lines if not nested or len(line) - len(line.lstrip(" ")) <= column]
    return "".join(kept) if "".join(kept).strip() else ""


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping) and not isinstance(value, CommentedMap):
        return {_plain(key): _plain(each) for key, each in value.items()}
    return value


def _add_below(mapping: CommentedMap, key: str, lines: str) -> None:
    tokens = mapping.ca.items.setdefault(key, [None, None, None, None])
    if tokens[2] is None:
        tokens[2] = CommentToken("\n", CommentMark(0))
    tokens[2].value = tokens[2].value.rstrip("\n") + "\n" + lines


def _yaml(text: str = "") -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    nested, item = _NESTED.search(text), _ITEM.search(text)
    mapping = len(nested[1]) if nested else 2
    offset = len(item[2]) - len(item[1]) if item else 2
    yaml.indent(mapping=mapping, sequence=offset + 2, offset=offset)
    return yaml


def _dumped(yaml: YAML, value: Any) -> str:
    out = StringIO()
    yaml.dump(value, out)
    return out.getvalue()
