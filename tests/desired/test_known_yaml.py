"""Files of cases that were parsed before are the same when they are not parsed again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.desired.known_yaml import FILE, KnownYaml
from reconciler.desired.located_yaml import Source, parse

ROOT = Path(__file__).parents[2]
CASES = sorted([*(ROOT / "example-repo").rglob("*.yaml"), *(ROOT / "reconciler/templates").rglob("*.yaml")])
SMALL = b"- name: first\n  expect: {denied: true}\n- {name: second}\n"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, width=32) | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=12,
)


def kept(folder: Path, *files: bytes) -> KnownYaml:
    """What a later run knows, after one that parsed those."""
    first = KnownYaml(folder)
    for content in files:
        first.parsed(content, "cases.yaml")
    first.keep()
    return KnownYaml(folder)


def told(source: Source) -> tuple[Any, ...]:
    """Everything that a source says; numbers with their kinds."""
    count = len(source.value) if isinstance(source.value, list) else 0
    ways: list[tuple[str | int, ...]] = [(), *((at,) for at in range(count)), *((at, "name") for at in range(count))]
    spans = [(source.span(*way), source.key(*way)) for way in ways]
    return repr(source.value), source.diagnostics, source.broken, spans


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(value=json_values)
def test_whatever_a_file_holds_it_is_the_same_the_second_time(tmp_path: Path, value: Any) -> None:
    content = yaml.safe_dump([value, value]).encode("utf-8", "surrogatepass")
    again = kept(tmp_path, content).parsed(content, "cases.yaml")
    assert told(again) == told(parse(content, "cases.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.relative_to(ROOT)))
def test_real_files_are_the_same_the_second_time(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    assert told(kept(tmp_path, content).parsed(content, "x.yaml")) == told(parse(content, "x.yaml"))


def test_a_file_is_parsed_again_when_its_content_changed(tmp_path: Path) -> None:
    again = kept(tmp_path, SMALL).parsed(SMALL.replace(b"first", b"other"), "cases.yaml")
    assert again.value[0]["name"] == "other"


def test_what_is_known_is_what_the_last_run_used(tmp_path: Path) -> None:
    later = kept(tmp_path, SMALL, b"- {name: gone}\n")
    later.parsed(SMALL, "cases.yaml")
    later.keep()
    assert len(json.loads((tmp_path / FILE).read_text())["files"]) == 1


def test_a_file_with_something_unusual_is_always_read_with_care(tmp_path: Path) -> None:
    content = b"- name: first\n  name: twice\n"
    assert kept(tmp_path, content).parsed(content, "cases.yaml").diagnostics
    assert not (tmp_path / FILE).exists()


def test_a_file_with_aliases_is_not_kept_as_it_could_grow_without_end(tmp_path: Path) -> None:
    content = b"- &text " + b"x" * 10_000 + b"\n" + b"- *text\n" * 10_000
    kept(tmp_path, content)
    assert not (tmp_path / FILE).exists()


def test_nothing_is_kept_where_there_is_no_folder_or_none_is_wanted(tmp_path: Path) -> None:
    kept(tmp_path / "none", SMALL)
    none = KnownYaml(None)
    assert none.parsed(SMALL, "cases.yaml").value[1] == {"name": "second"}
    none.keep()
    assert list(tmp_path.iterdir()) == []


BROKEN = [
    b"",
    b"no JSON",
    b"[]",
    b'{"reader": "another", "files": {}}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: repr(content[:20]))
def test_a_broken_file_on_disk_is_as_good_as_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert told(KnownYaml(tmp_path).parsed(SMALL, "c.yaml")) == told(parse(SMALL, "c.yaml"))


ENDLESS = float("inf")


@pytest.mark.parametrize(
    "entry",
    [
        *(None, 7, [], [[1, 2], []], [{}, [[0, 0]]], [[1], [[0, 0], "ab"]], [[1], [[0], [1]]]),
        [[1, 2], [[ENDLESS, 0]] * 3],
    ],
)
def test_an_entry_that_was_not_written_here_is_as_good_as_none(entry: Any, tmp_path: Path) -> None:
    kept(tmp_path, SMALL)
    file = tmp_path / FILE
    whole = json.loads(file.read_text())
    file.write_text(json.dumps({**whole, "files": dict.fromkeys(whole["files"], entry)}))
    assert told(KnownYaml(tmp_path).parsed(SMALL, "c.yaml")) == told(parse(SMALL, "c.yaml"))
