"""The files of a step and workflow commands, as a runner reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.github.files import SUMMARY_BYTES, StepFiles, command, quoted, uncommanded
from tests.ci.job import outputs_in


@given(values=st.dictionaries(st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True), st.text(), max_size=5))
def test_outputs_come_out_as_they_went_in(values: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    # A runner ends lines at \n and takes a \r before it along.
    values = {name: value.replace("\r", "") for name, value in values.items()}
    path = tmp_path_factory.mktemp("step") / "output"
    StepFiles(output=path).write_outputs(values)
    assert dict(outputs_in(path.read_text(encoding="utf-8") if path.exists() else "")) == values


def test_a_value_cannot_set_another_output(tmp_path: Path) -> None:
    path = tmp_path / "output"
    StepFiles(output=path).write_outputs({"a": "x\nEOF\nb<<EOF\ny\nEOF"})
    assert dict(outputs_in(path.read_text(encoding="utf-8"))) == {"a": "x\nEOF\nb<<EOF\ny\nEOF"}


def test_outputs_are_added_to_those_of_the_step(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_text("mine=1\n", encoding="utf-8")
    StepFiles(output=path).write_outputs({"b": "2"})
    assert path.read_text(encoding="utf-8").startswith("mine=1\nb<<ghadelimiter_")


def test_the_room_of_a_summary_is_what_the_step_left(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    files = StepFiles(summary=path)
    assert files.summary_room == SUMMARY_BYTES
    files.append_summary("ü")
    assert files.summary_room == SUMMARY_BYTES - 2


def test_without_files_nothing_is_written() -> None:
    StepFiles().write_outputs({"a": "b"})
    StepFiles().append_summary("text")


def test_a_command_is_escaped_as_the_toolkit_does() -> None:
    told = command("error", "50%\r\nmore: a,b", file="a:b,c%.js", line="3", col="", title="x")
    assert told == "::error file=a%3Ab%2Cc%25.js,line=3,title=x::50%25%0D%0Amore: a,b"


@pytest.mark.parametrize("line", ["::error::x", "  ::set-output name=a::b", "text ##[add-path]/tmp", "##[error]x"])
def test_a_line_of_others_is_no_command(line: str) -> None:
    shown = uncommanded(line)
    assert not shown.strip().startswith("::")
    assert "##[" not in shown


def test_a_line_without_commands_stays() -> None:
    assert uncommanded("a::b # [c]") == "a::b # [c]"


def test_other_peoples_text_ends_by_a_word_that_it_cannot_hold() -> None:
    begin, *text, end = quoted("::x::\ny\u2028z")
    token = begin.removeprefix("::stop-commands::")
    assert text == ["::x::", "y\u2028z"]
    assert end == f"::{token}::"
    assert quoted("") == ()
