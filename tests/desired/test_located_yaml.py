from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.desired.located_yaml import MOST_BYTES, carefully_parsed, parse
from reconciler.errors import Span

WORDS = st.text(st.characters(codec="ascii", categories=("Ll", "Lu")), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("017", "017"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2024-01-02", "2024-01-02"),
        ("12", 12),
        ("-3", -3),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        (".5", ".5"),
        (".inf", ".inf"),
        ("99999999999999999999", "99999999999999999999"),
        ("^7.0.0", "^7.0.0"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("|\n  12\n", "12\n"),
        ("=", "="),
    ],
)
def test_only_plain_words_of_yaml_1_2_change_their_type(text: str, value: object) -> None:
    found = parse(f"a: {text}".encode(), "x.yaml").value["a"]
    assert (found, type(found)) == (value, type(value))


def test_every_value_and_key_knows_its_line_and_column() -> None:
    source = parse(b"a:\n  - b: 1\n    'c': [x, {d: e}]\n", "x.yaml")
    assert source.span("a", 0, "b") == Span("x.yaml", 2, 8)
    assert source.key("a", 0, "c") == Span("x.yaml", 3, 5)
    assert source.span("a", 0, "c", 1, "d") == Span("x.yaml", 3, 18)
    assert source.span("a", 0, "nothing") == source.span("a", 0)


def test_columns_count_characters_not_bytes() -> None:
    assert parse("é: [ü, x]".encode(), "x.yaml").span("é", 1) == Span("x.yaml", 1, 8)


def test_an_alias_gives_the_value_of_its_anchor() -> None:
    assert parse(b"a: &x [1, 2]\nb: *x\n", "x.yaml").value == {"a": [1, 2], "b": [1, 2]}


def test_aliases_cannot_blow_a_file_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    source = parse("\n".join(lines).encode(), "x.yaml")
    assert source.broken
    assert "aliases blow the file up" in source.diagnostics[0].message


def test_an_alias_inside_its_own_anchor_is_a_problem() -> None:
    assert parse(b"a: &a [*a]", "x.yaml").diagnostics[0].span == Span("x.yaml", 1, 8)


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 60_000, "{a: " * 400, "? " * 60_000])
def test_deep_nesting_is_a_problem_not_a_crash(text: str) -> None:
    source = parse(text.encode(), "x.yaml")
    assert source.broken
    assert source.diagnostics


def test_a_huge_file_is_not_read() -> None:
    assert parse(b"a" * (MOST_BYTES + 1), "x.yaml").broken


def test_two_documents_are_a_problem() -> None:
    assert "more than one YAML document" in parse(b"a: 1\n---\nb: 2\n", "x.yaml").diagnostics[0].message


def test_problems_before_a_syntax_error_are_told_too() -> None:
    problems = parse(b"a: 1\na: 2\nb: [", "x.yaml").diagnostics
    assert [problem.span.line for problem in problems] == [2, 4]


def test_a_comment_for_the_editor_is_only_a_comment() -> None:
    assert parse(b"# yaml-language-server: $schema=x.json\na: 1\n", "x.yaml").value == {"a": 1}


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_a_key_is_reported_once_for_each_time_it_stands_again(keys: list[str]) -> None:
    text = "".join(f"k{key}: {at}\n" for at, key in enumerate(keys))
    source = parse(text.encode(), "x.yaml")
    again = [at + 1 for at, key in enumerate(keys) if key in keys[:at]]
    assert [problem.span.line for problem in source.diagnostics] == again
    assert source.value == {f"k{key}": keys.index(key) for key in keys}


TEXT = st.text(st.characters(categories=("L", "N", "P", "Zs", "Sm")), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(JSON)
def test_json_is_yaml(value: object) -> None:
    assert parse(json.dumps(value, ensure_ascii=False).encode(), "x.yaml").value == value


@given(st.binary(max_size=60))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    source = parse(content, "x.yaml")
    assert not source.broken or source.diagnostics


PIECES = "a|b|1|-1.5|~|true|'q'|\"q\"|<<|é|:|: |- |? |[|]|{|}|, |&x |*x|&y |*y|!t |>|#| #c|---|...|%YAML 1.1|\t|\0|\\|@"
LIKE_YAML = st.lists(st.sampled_from([*PIECES.split("|"), "|", *3 * ["\n", "\n  "], "\n    "]), max_size=25).map(
    "".join
)
IN_BRACES = st.recursive(
    st.sampled_from(["a", "1", "~", "'q'", "*x", "*y", "&x b", "&y 2", "!t u"]),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(["a", "b", "&x d", "1", "'1'", "<<"]), inner, max_size=4).map(
            lambda fields: f"{{{', '.join(f'{key}: {value}' for key, value in fields.items())}}}"
        )
    ),
    max_leaves=12,
)
ROOT = Path(__file__).parents[2]
MADE = {".reconciler", "node_modules"}
FILES = sorted(
    path
    for folder in ("example-repo", "reconciler", "tests")
    for file in (ROOT / folder).rglob("*.yaml")
    if not MADE.intersection((path := file.relative_to(ROOT)).parts)
)


@given(LIKE_YAML | IN_BRACES)
@example("a: &x [1, {b: c}]\nd: *x\n")
@example("a: 1\na: 2\n")
@example("- &x\n  a: 1\n- *x\n- {*x : 1}\n")
@example("&x a: 1\nb: *x\n")
@example("[" * 100 + "]" * 100)
@example("[" * 101 + "]" * 101)
@example("{" + "a: {" * 99 + "a: 1" + "}" * 100)
@example("{" + "a: {" * 100 + "a: 1" + "}" * 101)
def test_a_file_reads_the_same_at_once_and_with_care(text: str) -> None:
    _require_the_same(text)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_file_at_hand_reads_the_same_at_once_and_with_care(file: Path) -> None:
    with suppress(UnicodeDecodeError):
        _require_the_same((ROOT / file).read_text("utf-8-sig"))


def _require_the_same(text: str) -> None:
    at_once, with_care = parse(text.encode(), "x.yaml"), carefully_parsed(text, "x.yaml")
    assert repr(at_once.value) == repr(with_care.value)
    assert (at_once.diagnostics, at_once.broken) == (with_care.diagnostics, with_care.broken)
    for path in (*with_care.top.values, ("nowhere",), (0, "nowhere")):
        assert (at_once.span(*path), at_once.key(*path)) == (with_care.span(*path), with_care.key(*path))
