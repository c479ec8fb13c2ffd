"""Drift is shown so that people see it all and nothing in it does anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.console import as_text
from reconciler.engine.drift import texts
from reconciler.report import drift as pieces
from reconciler.report.drift_html import drift_html
from reconciler.report.drift_markdown import drift_markdown
from reconciler.report.drift_text import drift_text
from reconciler.report.fences import span
from reconciler.report.side_by_side import files
from reconciler.report.visible import visible
from tests.report.drifts import HOSTILE, content, drift, edited, hostile

PLAIN = drift(
    edited("greet", "one();\ntwo(a, b);\n", "one();\ntwo(a, c);\n"),
    edited("other", "", "", state="ignored", ignored_because="it may stay", ignored_until="2026-12-31"),
    edited("third", "", "", state="settled", by=(), by_unknown="the log does not reach back"),
)


class Seen(HTMLParser):
    """The tags and the texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_count_leaves_out_what_does_not_count() -> None:
    assert pieces.summary(PLAIN) == "Drift: 1 finding (1 high), 1 ignored, 1 settled."
    assert pieces.summary(drift()) == "No drift."


def test_a_finding_says_who_when_and_against_what() -> None:
    assert list(pieces.facts(PLAIN.findings[0])) == [
        ("runs in", "post-login"),
        ("since", "2026-11-20 10:00:00 UTC"),
        ("who", "deployed by client abc from 203.0.113.24 with auth0-dashboard/1.0 at 2026-11-20 10:00:00 UTC"),
        ("base", "commit aaaaaaaaaaaa"),
    ]
    assert ("who", "unknown: the log does not reach back") in list(pieces.facts(PLAIN.findings[2]))


def test_the_page_marks_what_differs_within_a_line() -> None:
    page = drift_html(PLAIN)
    assert "two(a, <mark>b</mark>);" in page and "two(a, <mark>c</mark>);" in page


def test_the_page_asks_for_nothing_and_lets_only_its_own_script_run() -> None:
    seen = Seen(drift_html(hostile()))
    assert {tag for tag, _ in seen.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "p", "strong", "h1", "code", "ul", "li", "b",
        "form",
        "fieldset", "legend", "label", "input", "select", "option", "main", "details", "summary", "span", "dl", "div",
        "dt", "dd", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "mark", "script",
    }  # fmt: skip
    assert sum(tag == "script" for tag, _ in seen.tags) == sum(tag == "style" for tag, _ in seen.tags) == 1
    attributes = {name for _, attrs in seen.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "action")}
    policy = next(attrs["content"] for tag, attrs in seen.tags if attrs.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_hostile_text_stands_on_the_page_as_itself() -> None:
    texts_shown = "".join(Seen(drift_html(hostile())).texts)
    assert all(visible(text.split("\n")[0].split("`")[0]) in texts_shown for text in HOSTILE)


def test_markdown_is_not_broken_out_of() -> None:
    made = drift_markdown(hostile())
    lines = made.split("\n")
    assert lines.count("</details>") == len(HOSTILE)
    assert sum(line.startswith("<details>") for line in lines) == len(HOSTILE)
    assert not [line for line in lines if line.startswith("# ")]
    outside = re.sub(r"(?ms)^(`{3,})diff$.*?^\1$", "", made)
    outside = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", outside)
    outside = re.sub(r"<summary><code>.*</code></summary>", "", outside)
    assert "@everyone" not in outside and "https://" not in outside and "<img" not in outside
    assert not re.search(r"(?<!\\)\](?=\()", outside)


def test_a_terminal_is_not_steered() -> None:
    for made in (as_text(drift_text(hostile())), drift_markdown(hostile())):
        assert not set(made) & {"\x1b", "\x07", "\r", "\u202e", "\u2028"}
        assert "\\x1b]0;title\\x07" in made and "\\u202e" in made


@given(st.text(max_size=30))
def test_code_within_a_line_is_not_broken_out_of(text: str) -> None:
    made = span(visible(text) or "x")
    fence = re.match(r"`+", made)
    assert fence is not None
    inner = made[len(fence[0]) : -len(fence[0])]
    assert len(fence[0]) not in {len(run) for run in re.findall(r"`+", inner)}


CODE = st.lists(st.sampled_from(["a();", "b(1, 2);", "", "-- c", "++ d", "@@ -1 +1 @@", " e"]), max_size=12)


@given(CODE, CODE)
def test_side_by_side_shows_every_line_that_differs_once(base: list[str], live: list[str]) -> None:
    old, new = "\n".join(base), "\n".join(live)
    diff = texts.action_diff("actions/x", content(old), content(new))
    rows = [row for file in files(diff) for hunk in file.hunks for row in hunk.rows]
    shown = [("".join(piece.text for piece in side.pieces), side.number) for row in rows if (side := row.new)]
    lines = content(new).code.removesuffix("\n").split("\n") if content(new).code.strip() else []
    assert all(lines[number - 1] == text for text, number in shown)
    changed = [row for row in rows if row.kind == "changed"]
    gone = sum(row.old is not None for row in changed)
    come = sum(row.new is not None for row in changed)
    body = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
    assert gone + come >= len([line for line in body if line[:1] in "+-"])


def test_the_same_drift_gives_the_same_bytes() -> None:
    assert drift_html(PLAIN) == drift_html(PLAIN.model_validate_json(PLAIN.model_dump_json()))
