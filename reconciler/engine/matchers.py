"""Matchers: what may stand in a case in place of a value that is not known to the letter.

A mapping with one key that begins with `$` is a matcher. A key that really begins with `$` is written with one more
(`$$set` is the key `$set`). Regexes are those of Rust's `regex` crate, which pydantic brings along: they look anywhere
in the text, take time that grows with the text only, and so have neither look-around nor back-references. A case can
not hang on one, whatever the code of an action puts before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pydantic_core import SchemaError, SchemaValidator, core_schema

NAMES: Final = ("$any", "$regex", "$contains", "$absent")
LISTS: Final = (list, tuple)
"""What an array is: of a file a list, of a model a tuple. Not `list | tuple`, which is made anew each time."""
TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda got: isinstance(got, str),
    "number": lambda got: isinstance(got, int | float) and not isinstance(got, bool),
    "boolean": lambda got: isinstance(got, bool),
    "object": lambda got: isinstance(got, dict),
    "array": lambda got: isinstance(got, LISTS),
}
"""What `{$any: NAME}` asks of a value."""

_SCALARS = (str, int, float, type(None))


class Matcher(NamedTuple):
    """A matcher by its name, such as `$regex`, and what is written to its right."""

    name: str
    argument: Any


class Mistake(NamedTuple):
    """What is wrong with a matcher: where it stands below the value, what is wrong, what would be right. `at_key` says
    that it is the last key of the path itself, not what stands under it."""

    path: tuple[str | int, ...]
    message: str
    remedy: str
    at_key: bool = False


def matcher_of(value: Any) -> Matcher | None:
    """The matcher that stands there, or None where it is a plain value: of JSON or YAML, objects are dicts."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, argument),) = value.items()
    return Matcher(name, argument) if _is_matcher(name) else None


def key_of(written: str) -> str:
    """The key that is meant: one `$` less where it begins with two."""
    return written[1:] if written.startswith("$$") else written


def written(value: Any) -> Any:
    """A value as a case must write it, so that it is expected to the letter: keys that begin with `$` get one more."""
    if isinstance(value, dict):
        return {f"${key}" if key.startswith("$") else key: written(item) for key, item in value.items()}
    if isinstance(value, LISTS):
        return [written(item) for item in value]
    return value


def found(pattern: str, text: str) -> bool:
    """Whether the regex is found anywhere in the text; False for one that is none."""
    searched = _compiled(pattern)
    return isinstance(searched, SchemaValidator) and searched.isinstance_python(
        text.encode("utf-8", "replace").decode()
    )


def mistakes(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Mistake]:
    """What is wrong with the matchers in an expected value, each with its place below it."""
    if isinstance(value, _SCALARS):
        return
    if isinstance(value, LISTS):
        for at, item in enumerate(value):
            if not isinstance(item, _SCALARS):
                yield from mistakes(item, (*path, at))
        return
    if not isinstance(value, dict):
        return
    matcher = matcher_of(value)
    if matcher:
        yield from _mistakes_of(matcher, (*path, matcher.name))
        return
    for key, item in value.items():
        if _is_matcher(key):
            message = (
                f"'{key}' is a matcher and must stand alone." if key in NAMES else f"'{key}' looks like a matcher."
            )
            yield Mistake((*path, key), message, f"Write `${key}` for a key of that name.", at_key=True)
        else:
            yield from mistakes(item, (*path, key))


def _mistakes_of(matcher: Matcher, path: tuple[str | int, ...]) -> Iterator[Mistake]:
    name, argument = matcher
    if name == "$any":
        if argument is not True and argument not in TYPES:
            yield Mistake(path, f"'$any' must be true or one of {', '.join(TYPES)}.", "")
    elif name == "$absent":
        if argument is not True:
            yield Mistake(path, "'$absent' must be true.", "For a value that must be there write {$any: true}.")
    elif name == "$regex":
        yield from _regex_mistakes(argument, path)
    elif name == "$contains":
        yield from mistakes(argument, path)
    else:
        remedy = f"Matchers: {', '.join(NAMES)}; write `${name}` for a key of that name."
        yield Mistake(path, f"there is no matcher '{name}'.", remedy, at_key=True)


def _regex_mistakes(argument: Any, path: tuple[str | int, ...]) -> Iterator[Mistake]:
    if not isinstance(argument, str):
        yield Mistake(path, "'$regex' must be text.", "Put it in quotes.")
        return
    problem = _compiled(argument)
    if isinstance(problem, str):
        remedy = "Say the same without it." if "not supported" in problem else "Mend the regex."
        yield Mistake(path, f"this is not a regex: {problem}.", remedy)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> SchemaValidator | str:
    """The regex, or why it is none."""
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as problem:
        return str(problem).rpartition("rror: ")[2].strip().rstrip(".").lower()


def _is_matcher(key: str) -> bool:
    return key.startswith("$") and not key.startswith("$$")
