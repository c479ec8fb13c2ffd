"""GitLab's code quality report."""

from __future__ import annotations

from reconciler.model.pipeline import Annotation
from reconciler.report.pipeline.gitlab import code_quality


def remark(**more: object) -> Annotation:
    made = Annotation(level="failure", path="actions/greet/action.yaml", line=2, column=3, title="", message="Wrong.")
    return made.model_copy(update=more)


def test_an_entry_has_what_gitlab_reads() -> None:
    (entry,) = code_quality("reconciler-validate", [remark()])
    assert entry.pop("fingerprint")
    assert entry == {
        "description": "Wrong.",
        "check_name": "reconciler-validate",
        "severity": "major",
        "location": {"path": "actions/greet/action.yaml", "lines": {"begin": 2}},
    }


def test_a_file_as_a_whole_begins_at_its_first_line() -> None:
    (entry,) = code_quality("x", [remark(line=0)])
    assert entry["location"]["lines"] == {"begin": 1}


def test_a_fingerprint_stays_when_lines_move_and_tells_two_alike_apart() -> None:
    first, second = (each["fingerprint"] for each in code_quality("x", [remark(), remark(line=9)]))
    (moved,) = code_quality("x", [remark(line=40)])
    assert first == moved["fingerprint"] != second


def test_no_two_problems_share_a_fingerprint() -> None:
    remarks = [remark(), remark(message="Other."), remark(path="b"), remark(title="a: b"), remark(level="warning")]
    assert len({each["fingerprint"] for each in code_quality("x", remarks)}) == len(remarks)


def test_severities_are_gitlabs() -> None:
    entries = code_quality("x", [remark(), remark(level="warning"), remark(level="notice")])
    assert [each["severity"] for each in entries] == ["major", "minor", "info"]


def test_a_description_is_one_line() -> None:
    (entry,) = code_quality("x", [remark(title="greet: greets", message="expected a\ngot b")])
    assert entry["description"] == "greet: greets: expected a got b"
