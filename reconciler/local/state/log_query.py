"""The search of the tenant log: Lucene's query syntax, as far as people use it, against entries as they are shown.

Parsed by luqum. Decided where the platform's analyser was not seen: words and phrases are compared without regard to
case; a field matches as a whole, and a field of prose (description, user_agent, whatever has spaces) by its words too;
a term without a field may match any field at the top of the entry; several terms side by side must all match, as the
OpenAPI says of `search`; a key of `details` is named with dots. Fuzzy terms, boosts, distances and regular expressions
are refused.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from typing import Any

from luqum.exceptions import ParseError
from luqum.thread import parse
from luqum.tree import (
    AndOperation,
    BaseGroup,
    From,
    Item,
    Not,
    OrOperation,
    Phrase,
    Plus,
    Prohibit,
    Range,
    SearchField,
    Term,
    To,
    UnknownOperation,
    Word,
)

from reconciler.local.refusal import Refusal

Matches = Callable[[Mapping[str, Any]], bool]

LONGEST = 4096
"""Characters of a search; longer ones no platform would take, and the parser's tree would grow too deep."""

_ESCAPED = re.compile(r"\\(.)")
_PARTS = re.compile(r"(\\.|[*?])")
_WORDS = re.compile(r"[^\s,;()\"]+")


def parsed_search(text: str) -> Matches:
    """Whether an entry fits the search; everything fits an empty one.

    Refusal 400 for what is no such search, or more than this tenant understands. Its text was not seen.
    """
    if not text.strip():
        return lambda entry: True
    if len(text) > LONGEST:
        raise _refusal(f"it is longer than {LONGEST} characters")
    try:
        return _matcher(parse(text), "")
    except ParseError as problem:
        raise _refusal(str(problem)) from None
    except (ArithmeticError, ValueError):  # how luqum takes a boost or a distance that is no number
        raise _refusal("it has a number that is none") from None
    except RecursionError:
        raise _refusal("it is nested too deeply") from None


def _matcher(node: Item, field: str) -> Matches:
    """What a part of the search asks of the field it stands under; `field` is empty where none was named."""
    match node:
        case SearchField():
            return _field_matcher(node)
        case OrOperation():
            some = [_matcher(each, field) for each in node.operands]
            return lambda entry: any(matches(entry) for matches in some)
        case AndOperation() | UnknownOperation():
            every = [_matcher(each, field) for each in node.operands]
            return lambda entry: all(matches(entry) for matches in every)
        case Not() | Prohibit():
            inner = _matcher(node.a, field)
            return lambda entry: not inner(entry)
        case BaseGroup():
            return _matcher(node.expr, field)
        case Plus():
            return _matcher(node.a, field)
    return _leaf(node, field)


def _field_matcher(node: SearchField) -> Matches:
    if node.name == "_exists_" and isinstance(node.expr, Term):
        wanted = str(node.expr.value)
        return lambda entry: bool(_values(entry, wanted))
    return _matcher(node.expr, node.name)


def _leaf(node: Item, field: str) -> Matches:
    fits = _test(node)
    return lambda entry: any(fits(value) for value in _values(entry, field))


def _test(node: Item) -> Callable[[str], bool]:
    """What a value, in lower case, must be."""
    match node:
        case Phrase():
            phrase = _unescaped(node.value[1:-1]).lower()
            return lambda value: value == phrase or f" {phrase} " in f" {' '.join(_WORDS.findall(value))} "
        case Word():
            return _word_test(node.value.lower())
        case Range():
            low, high = _test_bound(node.low, node.include_low, up=False), _test_bound(node.high, node.include_high)
            return lambda value: low(value) and high(value)
        case From():
            return _test_bound(node.a, node.include, up=False)
        case To():
            return _test_bound(node.a, node.include)
    raise _refusal(f"the embedded tenant does not understand {node}")


def _word_test(word: str) -> Callable[[str], bool]:
    pattern = re.compile(fnmatch.translate(_glob(word)))  # which never looks back, however many `*` there are
    return lambda value: bool(pattern.fullmatch(value)) or any(map(pattern.fullmatch, _WORDS.findall(value)))


def _glob(word: str) -> str:
    """A word as a pattern of fnmatch: `*` and `?` are free where they are not escaped, `[` is only itself."""
    return "".join(part if part in ("*", "?") else _fixed(_unescaped(part)) for part in _PARTS.split(word))


def _fixed(text: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", text)


def _test_bound(bound: Item, include: bool, *, up: bool = True) -> Callable[[str], bool]:
    """Whether a value is at most (`up`) or at least that. Numbers are compared as such, other texts sign by sign, which
    is right for dates as the log prints them; a date that is cut short stands for all that begins with it."""
    text = _unescaped(str(bound).strip().strip('"')).lower()
    limit = _number(text)

    def within(value: str) -> bool:
        number = _number(value)
        if limit is not None and number is not None:
            return include if number == limit else (number < limit) == up
        return include if value.startswith(text) else (value < text) == up

    return (lambda value: True) if text == "*" else within


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _values(entry: Mapping[str, Any], field: str) -> list[str]:
    """What stands in a field, as texts in lower case; of all the fields at the top where none is named."""
    found = list(entry.values()) if not field else [_at(entry, field.split("."))]
    flat = [item for value in found for item in (value if isinstance(value, list) else [value])]
    return [_text(value) for value in flat if value is not None and not isinstance(value, dict)]


def _at(entry: Any, path: list[str]) -> Any:
    for name in path:
        entry = entry.get(name) if isinstance(entry, Mapping) else None
    return entry


def _text(value: Any) -> str:
    return str(value).lower()


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _refusal(why: str) -> Refusal:
    return Refusal(400, f"The search is not understood: {why}.", "invalid_query")
