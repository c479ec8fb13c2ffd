"""URLs with `*` in them, as stubs and expectations write them.

In the path and the host `*` stands for any characters but `/`, `?` and `#`, `**` for any at all; in the names and
values of the query `*` stands for any text, and `**` as a pair of its own for any further pairs. Both sides are put in
the form that `new URL(...)` of Node gives (host in small letters, no default port, no dots in the path), without the
fragment, which no server gets to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from pydantic_core import Url

from reconciler.engine.matchers import found

_PARTS = re.compile(r"(https?://)([^/?#]*)([^#]*)", re.IGNORECASE)
_STARS = re.compile(r"(\*\*?)")
_ANY, _WITHIN = ".*", "[^/?#]*"


class Glob(NamedTuple):
    """A text that may have stars in it: a regex then, and compared letter by letter otherwise."""

    text: str
    starred: bool

    def fits(self, text: str) -> bool:
        """Whether that text is one of those it stands for."""
        return found(self.text, text) if self.starred else self.text == text


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """A URL that stands for many. `pairs` are names and values of the query, None where no query is written; with
    `more` there may be further pairs."""

    before_query: Glob
    pairs: tuple[tuple[Glob, Glob], ...] | None
    more: bool = False

    def fits(self, url: str, *, any_query: bool) -> bool:
        """Whether the URL is one of them; the order of the query does not matter. `any_query` says what a pattern
        without a query stands for: the URL with any query, or without one."""
        address, _, query = normal(url).partition("?")
        if not self.before_query.fits(address):
            return False
        if self.pairs is None:
            return any_query or not query
        return self._query_fits(parse_qsl(query, keep_blank_values=True))

    def _query_fits(self, given: list[tuple[str, str]]) -> bool:
        left = list(given)
        for name, value in self.pairs or ():
            at = next((at for at, pair in enumerate(left) if name.fits(pair[0]) and value.fits(pair[1])), None)
            if at is None:
                return False
            del left[at]
        return self.more or not left


@lru_cache(maxsize=4096)
def url_pattern(text: str) -> UrlPattern:
    """The pattern that is written there."""
    address, asks, query = normal(text).partition("?")
    whole = _glob(address, within=_WITHIN, decoded=str)
    if not asks:
        return UrlPattern(whole, None)
    pairs = [pair for pair in query.split("&") if pair]
    written = [pair.partition("=") for pair in pairs if pair != "**"]
    # Those without a star first: a star must not take the pair that another one names.
    written.sort(key=lambda pair: "*" in f"{pair[0]}{pair[2]}")
    return UrlPattern(whole, tuple((_value(name), _value(value)) for name, _, value in written), "**" in pairs)


def normal(url: str) -> str:
    """The URL as Node would write it, without its fragment; as it is where it is none."""
    parts = _PARTS.match(url)
    if not parts:
        return url
    scheme, host, rest = parts.groups()
    name, port = (host[:-2], ":*") if host.endswith(":*") else (host, "")
    origin = _parsed(f"{scheme}{name}").rstrip("/") + port
    if not rest and host.endswith("**"):
        return origin
    return origin + _parsed(f"http://h{rest}").removeprefix("http://h")


def is_url(text: str) -> bool:
    """Whether Node could send a request there; a star in the host is taken for a name."""
    parts = _PARTS.match(text)
    if not parts:
        return False
    scheme, host, _ = parts.groups()
    try:
        Url(scheme + host.removesuffix(":*"))
    except ValueError:
        return "*" in host
    return True


def _parsed(url: str) -> str:
    try:
        return str(Url(url))
    except ValueError:
        return url.lower()


def _value(written: str) -> Glob:
    return _glob(written, within=_ANY, decoded=unquote_plus)


def _glob(written: str, *, within: str, decoded: Callable[[str], str]) -> Glob:
    """`within` is what one star stands for."""
    if "*" not in written:
        return Glob(decoded(written), False)
    stars = {"*": within, "**": _ANY}
    parts = (stars.get(part) or re.escape(decoded(part)) for part in _STARS.split(written))
    return Glob(rf"(?s)\A(?:{''.join(parts)})\z", True)
