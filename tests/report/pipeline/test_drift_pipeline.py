"""Drift as pipelines tell of it: whole, within what is taken, and harmless."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings

from reconciler.engine.drift.standing import standing
from reconciler.engine.drift.ways import ways
from reconciler.model.adopted import Adopted
from reconciler.model.drift import Drift, Finding
from reconciler.model.imported import Needed, Remark
from reconciler.model.pipeline import PipelineRun
from reconciler.model.sighting import Sighting
from reconciler.report.pipeline.adopt_pull import adopt_body, adopt_message
from reconciler.report.pipeline.drift_issue import closing_comment, drift_issue
from reconciler.report.pipeline.drift_marker import MARKER_BYTES, DriftMarker, drift_marker, parse_drift_marker
from reconciler.report.pipeline.drift_notice import drift_notice
from reconciler.report.pipeline.drift_stage import Told, drift_stage
from tests.report.drifts import HOSTILE, drift, edited
from tests.report.pipeline.plans import HOSTILE as PLANS_HOSTILE
from tests.report.pipeline.test_harmless import OURS, TABLE, TEXTS, harmless

RUN = PipelineRun(url="https://github.com/acme/identity/actions/runs/7")
PLAIN = drift(edited("greet", "1\n", "2\n"), edited("guard", "1\n", "2\n", severity="low"))


def body(found: Drift, adopting: int = 0) -> str:
    return drift_issue(found, standing(found, (), runs=1), RUN, adopting=adopting).body


def digest(found: Drift, adopting: int = 0) -> str:
    return drift_issue(found, standing(found, (), runs=1), RUN, adopting=adopting).marker.digest


def test_an_issue_tells_what_who_since_when_and_the_ways_out() -> None:
    told = body(PLAIN, adopting=12)
    assert "| high | <code>edited:greet</code> | deployed by client abc from 203.0.113.24" in told
    for way in ("revert: `reconciler apply", "adopt: `reconciler adopt edited:greet", "ignore: `drift: {ignore: [{fin"):
        assert way in told
    assert "+2" in told and "#12 takes into git" in told and RUN.url in told


def test_what_changes_with_the_clock_alone_makes_no_other_issue() -> None:
    def later(finding: Finding) -> Finding:
        return finding.model_copy(update={"ways": ways(finding.id, finding.kind, "prod", date(2027, 5, 1))})

    moved = PLAIN.model_copy(update={"commit": "c" * 40, "findings": tuple(map(later, PLAIN.findings))})
    assert body(moved) != body(PLAIN) and digest(moved) == digest(PLAIN)


def test_whatever_people_would_read_makes_another_issue() -> None:
    worse = PLAIN.findings[1].model_copy(update={"severity": "medium"})
    others = [
        drift(PLAIN.findings[0]),
        drift(PLAIN.findings[0], worse),
        drift(edited("greet", "1\n", "3\n"), PLAIN.findings[1]),
        PLAIN.model_copy(update={"untold": ("post-login",)}),
        PLAIN.model_copy(update={"ended": ("It ended.",)}),
    ]
    assert len({digest(PLAIN), digest(PLAIN, adopting=3), *map(digest, others)}) == len(others) + 2


def test_four_hundred_findings_fit_and_each_is_at_least_counted() -> None:
    many = drift(*(edited(f"action-{number}", "1\n" * 90, "2\n" * 90) for number in range(400)))
    made = drift_issue(many, standing(many, (), runs=1), RUN)
    assert len(made.body.encode()) <= 65_536
    assert "400 findings (400 high)" in made.title and "more" in made.body
    assert len(drift_marker(made.marker)) <= MARKER_BYTES
    known = parse_drift_marker(made.body)
    assert known is not None and len(known.told) > 100


def test_a_marker_is_read_as_it_was_written_whatever_stands_in_it() -> None:
    for text in (*HOSTILE, "-->", "--!>", "a--b", "--" * 40):
        told = (Sighting(finding=f"edited:{text}", severity="low", by=PLAIN.findings[0].by),)
        made = DriftMarker(repo=text, tenant=text, digest="0", told=told)
        line = drift_marker(made)
        assert "\n" not in line and "--" not in line[4:-3] and ">" not in line[4:-3]
        assert parse_drift_marker(f"{line}\nrest") == made


def test_a_line_that_is_no_marker_of_ours_is_none() -> None:
    for text in ("", "hello", "<!-- reconciler-drift {} -->", '<!-- reconciler-drift {"repo": 1} -->', "<!-- x -->"):
        assert parse_drift_marker(text) is None


def everywhere(text: str) -> Drift:
    """The text wherever somebody else may write it."""
    found = edited(text, text, f"{text}\n// {text}\n{text}", agent=text, flows=(text,), what=f"{text} was edited.")
    unknown = edited("greet", "1\n", "2\n", by=(), by_unknown=text, since=text, flows=())
    return drift(found, unknown, repo=text, tenant=text, unknown=(text,), ended=(text,), untold=(text,))


def told_of(text: str) -> list[str]:
    """Every text of ours that tells of it, as GitHub gets it."""
    found = everywhere(text)
    before = (Sighting(finding=f"edited:{text}:{text}", severity="low", reported=True),)
    stands, waits = standing(found, before, runs=1), standing(found, before, runs=2)
    told = Told(RUN.url, RUN.url, (text,), (text,))
    adopted = hostile_adopted(text)
    issue = drift_issue(found, stands, RUN, adopting=12).body
    assert parse_drift_marker(issue) is not None
    return [
        issue.partition("\n")[2].replace("#12", ""),
        drift_stage(found, stands, RUN, runs=2, told=told).summary,
        drift_stage(found, waits, RUN, runs=2, told=told).summary,
        closing_comment(stands, RUN),
        adopt_body(adopted, found.findings),
    ]


def hostile_adopted(text: str) -> Adopted:
    remarks = (Remark(kind="action", name=text, why=text),)
    return Adopted(
        tool="t",
        repo=text,
        tenant=text,
        findings=(f"edited:{text}", text),
        left=remarks,
        remaining=remarks,
        replaced=remarks,
        kept=(Needed(name=text, secret=text),),
        shared=(text,),
    )


def check(text: str) -> None:
    for told in told_of(text):
        shown = harmless(told, tags=OURS | TABLE | {"h4"}, links=(RUN.url,))
        rows = shown.count("tr") - shown.count("table")
        assert shown.count("td") == 5 * rows


@pytest.mark.parametrize("text", [*HOSTILE, *PLANS_HOSTILE, "a|b", "`a|b`", "\\|", "| |\n|---|"])
def test_what_others_wrote_does_nothing_and_stays_in_its_cell(text: str) -> None:
    check(text)


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_nothing_that_others_can_write_does_anything(text: str) -> None:
    check(text)


def test_a_stage_fails_for_what_is_bad_enough_and_is_neutral_otherwise() -> None:
    stands = standing(PLAIN, (), runs=1)

    def conclusion(fail_on: str, told: Told = Told()) -> tuple[str, int]:  # noqa: B008
        made = drift_stage(PLAIN, stands, RUN, runs=2, told=told, fail_on=fail_on)
        return made.conclusion, made.exit_code

    assert [conclusion(fail_on) for fail_on in ("", "high", "low")] == [("neutral", 0), ("failure", 2), ("failure", 2)]
    assert conclusion("", Told(problems=("It broke.",))) == ("failure", 1)
    low = drift(PLAIN.findings[1])
    assert drift_stage(low, standing(low, (), runs=1), RUN, runs=2, told=Told(), fail_on="medium").exit_code == 0
    none = drift_stage(drift(), standing(drift(), (), runs=1), RUN, runs=2, told=Told(), fail_on="low")
    assert (none.conclusion, none.title, none.outputs.drift) == ("success", "No drift.", False)


def test_what_waits_is_shown_and_does_not_count() -> None:
    stage = drift_stage(PLAIN, standing(PLAIN, (), runs=2), RUN, runs=2, told=Told(), fail_on="low")
    assert (stage.exit_code, stage.title) == (0, "No drift that stands, 2 waiting.")
    assert "waiting high edited:greet" in stage.summary


def test_a_notice_is_short_and_calls_nobody() -> None:
    names = [*HOSTILE, "<!channel>", "<@U123>", "<https://example.com|click>"]
    many = [edited(name, "1\n", "2\n", what=f"{name} was edited.") for name in names * 20]
    message = drift_notice("opened", "prod", many, "https://github.com/acme/identity/issues/1")
    texts = [block["text"]["text"] for block in message["blocks"]]
    assert message["text"] == f"Drift in tenant prod: {len(many)} findings ({len(many)} high)"
    assert all(len(text) <= 3000 for text in texts) and "… and" in texts[1]
    assert "<" not in "".join(texts[:-1]) and texts[-1] == "<https://github.com/acme/identity/issues/1|Read more>"
    assert all(block["text"]["verbatim"] for block in message["blocks"])
    assert len(json.dumps(drift_notice("closed", "prod", (), "")["blocks"])) < 200


def test_a_pull_request_tells_what_it_takes_what_not_and_which_values_are_missing() -> None:
    adopted = Adopted(
        tool="t",
        repo="acme",
        tenant="prod",
        findings=("edited:greet",),
        left=(Remark(kind="action", name="draft-edited:guard", why="a draft does not run."),),
        kept=(Needed(name="greet", secret="TOKEN"),),
        shared=("dev",),
    )
    told = adopt_body(adopted, PLAIN.findings)
    for part in ("`edited:greet` (high): greet was edited", "draft-edited:guard", "`greet`: `TOKEN`", "`dev`"):
        assert part in told
    assert adopt_message(adopted) == "Adopt what drifted in tenant prod\n\nedited:greet"


def test_the_message_of_a_commit_has_one_line_for_each_finding() -> None:
    for text in HOSTILE:
        assert len(adopt_message(hostile_adopted(text)).splitlines()) == 4
