"""Markdown as GitHub shows it: rendered by its own cmark-gfm, then read as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

EMPTY = {"br", "hr", "img", "input"}
EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]
ALERTS = ("[!NOTE]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]")


def html_of(markdown: str) -> str:
    """What GitHub renders before it takes out what is not allowed (`tagfilter` and more): all HTML in it counts."""
    made: str = cmarkgfm.markdown_to_html_with_extensions(markdown, Options.CMARK_OPT_UNSAFE, EXTENSIONS)
    return made


@dataclass
class Seen:
    """What people see: `tags` with their attributes, `outside` each piece of text that does not stand in code, `code`
    each piece of code as a whole, `comments` what is hidden. Every tag is closed by its own."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """Every tag that there is."""
        return {name for name, _ in self.tags}

    def count(self, name: str) -> int:
        """How often there is a tag."""
        return sum(tag == name for tag, _ in self.tags)

    @property
    def links(self) -> list[str | None]:
        """Where links lead."""
        return [attributes.get("href") for name, attributes in self.tags if name == "a"]


def seen(markdown: str) -> Seen:
    """Rendered and read."""
    reader = _Reader()
    reader.feed(html_of(markdown))
    reader.close()
    reader.found.unbalanced += reader.open
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Seen()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)
        if tag == "code":
            self.found.code.append("")

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.found.unbalanced.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if "code" in self.open:
            self.found.code[-1] += data
        else:
            self.found.outside.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.found.unbalanced.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.found.unbalanced.append(data)

    def handle_pi(self, data: str) -> None:
        self.found.unbalanced.append(data)
