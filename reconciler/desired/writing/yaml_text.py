"""YAML text: new files as a person would write them, and edits of files that people wrote, comments and all."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

WIDTH = 4096
"""Nothing is folded: a line is what a person wrote."""

_ITEM = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", re.MULTILINE)
_NESTED = re.compile(r"^[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( +)[^\s#-]", re.MULTILINE)


def render_document(value: Mapping[str, Any], schema: str, comment: str = "") -> str:
    """The text of a new file: the line that tells editors its schema, a comment, then the values in the order given."""
    lines = [f"# yaml-language-server: $schema={schema}", *([f"# {comment}"] if comment else [])]
    return "\n".join(lines) + "\n" + _dumped(_yaml(), _plain(value))


def edited(text: str, change: Callable[[CommentedMap], None]) -> str:
    """The text of a file after a change of what it holds; comments, order, quotes and indentation stay.

    The text must be one that `located_yaml.parse` has nothing against, with a mapping at its top.
    """
    yaml = _yaml(text)
    value = yaml.load(text)
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
    """A value that any YAML parser reads as this text: what is no plain character is written as an escape."""
    return value if value.isprintable() else DoubleQuotedScalarString(value)


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
        lines = [line.strip().removeprefix("#").removeprefix(" ") for line in below.splitlines() if line.strip()]
        mapping.yaml_set_comment_before_after_key(keys[1], before="\n".join(lines), indent=mapping.lc.col)


def rearrange(items: CommentedSeq, wanted: Sequence[Any]) -> None:
    """Give a list other items; an item that it has already keeps its form and its comments."""
    before, comments = list(items), dict(items.ca.items)
    places = _places(before, wanted)
    items.clear()
    items.ca.items.clear()
    for at, (place, item) in enumerate(zip(places, wanted, strict=True)):
        items.append(item if place is None else before[place])
        if place in comments:
            items.ca.items[at] = comments[place]


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
