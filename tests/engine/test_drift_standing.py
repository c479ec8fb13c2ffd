"""What stands is told, what comes and goes by itself is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.drift.standing import standing, worst
from reconciler.model.deed import Author
from reconciler.model.drift import Drift, Finding
from reconciler.model.sighting import Sighting, Standing

ADA = (Author(did="edited", at="2026-11-20T10:00:00Z", client_id="ada"),)
NAMES = ("greet", "guard", "legacy")


def finding(name: str, **more: object) -> Finding:
    made = Finding(id=f"edited:{name}", kind="edited", name=name, severity="high", what="It was edited.", by=ADA)
    return made.model_copy(update=more)


def drift(*names: str, untold: tuple[str, ...] = ()) -> Drift:
    return Drift(
        tool="test", repo="acme", tenant="prod", findings=tuple(finding(name) for name in names), untold=untold
    )


def after(*runs: Drift, needed: int = 2) -> Standing:
    """What stands after those runs, each knowing what the one before kept."""
    made = Standing()
    for found in runs:
        made = standing(found, made.sightings, runs=needed)
    return made


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [each.id for each in findings]


def test_a_finding_is_reported_by_the_second_run_that_sees_it() -> None:
    first, second = after(drift("greet")), after(drift("greet"), drift("greet"))
    assert (ids(first.reported), ids(first.waiting)) == ([], ["edited:greet"])
    assert (ids(second.reported), ids(second.waiting)) == (["edited:greet"], [])


def test_what_is_gone_is_gone_at_once_and_has_to_stand_anew() -> None:
    mended = after(drift("greet"), drift("greet"), drift())
    assert (mended.reported, mended.gone, mended.sightings) == ((), ("edited:greet",), ())
    assert ids(standing(drift("greet"), mended.sightings, runs=2).waiting) == ["edited:greet"]


def test_a_run_that_cannot_tell_counts_neither_way() -> None:
    blind = drift(untold=("greet",))
    waiting = after(drift("greet"), blind)
    assert (waiting.reported, waiting.doubtful, waiting.gone) == ((), (), ())
    assert ids(after(drift("greet"), blind, drift("greet")).reported) == ["edited:greet"]
    stood = after(drift("greet"), drift("greet"), blind)
    assert ([each.finding for each in stood.doubtful], stood.gone) == (["edited:greet"], ())
    assert ids(after(drift("greet"), drift("greet"), blind, drift("greet")).reported) == ["edited:greet"]


def test_what_cannot_be_told_of_one_does_not_keep_another() -> None:
    both = drift("greet", "greeter")
    assert after(both, both, drift(untold=("greet",))).gone == ("edited:greeter",)


def test_a_secret_of_an_action_that_cannot_be_told_is_kept() -> None:
    secret = finding("greet", id="secret-rotated:greet:TOKEN", kind="secret-rotated", detail="TOKEN")
    found = drift().model_copy(update={"findings": (secret,)})
    assert [each.finding for each in after(found, found, drift(untold=("greet",))).doubtful] == [secret.id]


def test_what_an_open_issue_tells_of_stays_reported_though_the_file_is_lost() -> None:
    told = (Sighting(finding="edited:greet", severity="high", runs=5),)
    made = standing(drift("greet", "guard"), (), told=told, runs=3)
    assert (ids(made.reported), ids(made.waiting)) == (["edited:greet"], ["edited:guard"])
    assert standing(drift(), (), told=told, runs=3).gone == ("edited:greet",)


def test_who_did_it_is_kept_when_the_log_forgets() -> None:
    forgotten = drift().model_copy(update={"findings": (finding("greet", by=(), by_unknown="too long ago"),)})
    assert after(drift("greet"), forgotten).reported[0].by == ADA
    told = (Sighting(finding="edited:greet", severity="high", by=ADA),)
    assert standing(forgotten, (), told=told, runs=2).reported[0].by == ADA


def test_what_is_ignored_or_settled_is_not_told() -> None:
    there = drift().model_copy(update={"findings": (finding("greet", state="ignored"), finding("guard"))})
    assert ids(after(there, there).reported) == ["edited:guard"]


def test_the_worst_of_nothing_is_nothing() -> None:
    assert worst([]) is None
    assert worst(["low", "high", "medium"]) == "high"


@given(st.lists(st.booleans(), max_size=20), st.integers(min_value=1, max_value=5))
def test_a_finding_is_reported_exactly_as_long_as_it_stands(seen: list[bool], needed: int) -> None:
    sightings: tuple[Sighting, ...] = ()
    row = 0
    for there in seen:
        made = standing(drift(*(["greet"] if there else [])), sightings, runs=needed)
        row = row + 1 if there else 0
        assert ids(made.reported) == (["edited:greet"] if row >= needed else [])
        sightings = made.sightings


@given(st.lists(st.sets(st.sampled_from(NAMES)), max_size=20), st.integers(min_value=2, max_value=5))
def test_findings_do_not_count_for_each_other(runs: list[set[str]], needed: int) -> None:
    together = after(*(drift(*sorted(names)) for names in runs), needed=needed)
    for name in NAMES:
        alone = after(*(drift(*([name] if name in names else [])) for names in runs), needed=needed)
        assert (f"edited:{name}" in ids(together.reported)) == bool(alone.reported)


@given(st.lists(st.sampled_from([("greet",), ()]), max_size=20), st.integers(min_value=2, max_value=5))
def test_runs_that_cannot_tell_change_nothing(runs: list[tuple[str, ...]], needed: int) -> None:
    blind = [each for names in runs for each in (drift(*names), drift(untold=("greet",)))]
    seen = after(*(drift(*names) for names in runs), needed=needed)
    assert after(*blind, needed=needed).sightings == seen.sightings
