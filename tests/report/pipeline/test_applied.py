"""What an apply tells, and how it comes to stand above the plan in the comment."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.approved import Approved
from reconciler.model.delivery import Delivery, Result, Setback
from reconciler.model.pipeline import DeployedVersion, PipelineRun, PullRequest, Stage
from reconciler.model.plan import FlowChange, Plan
from reconciler.model.rollback import EarlierSecret, Reverts, RolledBack, RunsAgain
from reconciler.report.pipeline.applied import applied_stage, dispatch, title
from reconciler.report.pipeline.laid_over import tells_of_success, written_back
from reconciler.report.pipeline.rolled_back import rollback_stage
from reconciler.report.visible import visible
from tests.report.pipeline.plans import HOSTILE
from tests.report.pipeline.test_harmless import OURS, TABLE, harmless, hostile_plan

MARKER = "<!-- reconciler {} -->"
COMMIT = "c" * 40
RUN = PipelineRun(url="https://github.com/acme/identity/actions/runs/1", ref="refs/heads/main", default_branch="main")
PLAN = Plan(tool="t", repo="acme", tenant="prod", commit=COMMIT, flows=(FlowChange(trigger="post-login"),))
PULL = PullRequest(number=7, head="1" * 40, base="main", merged=COMMIT, merged_by="grace")
LIMIT = 65_536
FOLDED = "<details><summary>The plan as it was shown before</summary>"


def stage(told: str, conclusion: Any = "success") -> Stage:
    return Stage(name="apply", tenant="prod", conclusion=conclusion, title="", comment=told)


def delivery(**known: Any) -> Delivery:
    return Delivery(**({"tenant": "prod", "commit": COMMIT, "result": "applied", "plan": PLAN} | known))


def texts(largest: int) -> st.SearchStrategy[str]:
    alphabet = "ab \n`<>!-#*é😀\r"
    return st.text(alphabet, max_size=200).map(lambda text: (text * (1 + largest // (len(text) + 1)))[:largest])


@given(texts(300), texts(300), texts(300))
def test_an_apply_is_told_above_the_plan_and_the_next_takes_its_place(first: str, second: str, plan: str) -> None:
    once = written_back(stage(first), f"{MARKER}\n### Plan\n{plan}")
    again = written_back(stage(second), f"{MARKER}\n{once}")
    assert again == written_back(stage(second), f"{MARKER}\n### Plan\n{plan}")
    assert second.replace("\r\n", "\n").replace("\r", "\n") in again and "### Plan" in again


@given(st.integers(0, 70_000), st.integers(0, 64_000))
def test_the_comment_keeps_within_what_github_takes(plan: int, told: int) -> None:
    body = written_back(stage("é" * (told // 2)), f"{MARKER}\n" + "line\n\n" * (plan // 6))
    assert len(f"{MARKER}\n{body}".encode()) <= LIMIT


def test_a_comment_as_github_gives_it_back_is_understood() -> None:
    once = written_back(stage("Refused.\n", "failure"), f"{MARKER}\n### Plan\n\nfull\n")
    given_back = f"{MARKER}\n{once}".replace("\n", "\r\n").strip()
    again = written_back(stage("Applied.\n"), given_back)
    assert "Refused." not in again and again.count(FOLDED) == 1 and "full" in again


def test_a_comment_that_somebody_edited_is_not_shown_again() -> None:
    once = written_back(stage("Refused.\n"), f"{MARKER}\n### Plan\n")
    edited = f"{MARKER}\n{once}".replace("Refused.", "Refused, said somebody.")
    assert FOLDED not in written_back(stage("Applied.\n"), edited)


def test_a_comment_tells_of_success_only_where_an_apply_did_it() -> None:
    assert tells_of_success(f"{MARKER}\n{written_back(stage('x'), '')}")
    assert not tells_of_success(f"{MARKER}\n{written_back(stage('x', 'failure'), '')}")
    assert not tells_of_success(f"{MARKER}\n### Plan") and not tells_of_success("") and not tells_of_success(MARKER)


def test_where_there_was_no_plan_the_apply_stands_alone() -> None:
    assert FOLDED not in written_back(stage("Applied."), "")
    assert FOLDED not in written_back(stage("Applied."), MARKER)


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("result", get_args(Result))
def test_names_and_words_of_others_do_nothing(result: Result, evil: str) -> None:
    setback = Setback(name=evil, message=evil, remedy=evil, details=(evil,), undone=(evil,), left=(evil,))
    told = delivery(
        result=result,
        approved=Approved(checksum="0" * 64, pull=PULL, title=evil, by=evil),
        plan=hostile_plan(evil),
        now=hostile_plan(evil),
        setbacks=(setback,),
        deleted=(evil,),
        moved=(evil,),
        blocker=evil,
        tenant=evil,
        versions=(DeployedVersion(tenant="prod", name=evil, number=1, commit=COMMIT),),
    )
    made = applied_stage(told, RUN)
    for text in (made.comment, made.summary):
        harmless(text.replace(f"#{PULL.number}", ""), tags=OURS | TABLE, links=(RUN.url,))
    assert "\n" not in made.title and made.title == visible(made.title)


@pytest.mark.parametrize("evil", HOSTILE)
def test_a_rollback_of_what_others_named_does_nothing(evil: str) -> None:
    outcome = RolledBack(
        tenant=evil,
        deployed=(RunsAgain(action=evil, number=3, version=1, commit=COMMIT),),
        drafts=(evil,),
        secrets=(EarlierSecret(action=evil, name=evil, what="not there"),),
        secrets_unknown=evil,
        reverts=Reverts(commits=(COMMIT,), also={COMMIT: (evil,)}, notes=(evil,)),
    )
    for told in (outcome, None):
        made = rollback_stage(hostile_plan(evil), told, (evil,), RUN.model_copy(update={"actor": evil}))
        for text in filter(None, (made.comment, made.summary)):
            harmless(text, tags=OURS | TABLE, links=(RUN.url,))
        assert "\n" not in made.title and made.title == visible(made.title)


def test_many_versions_fit_and_are_counted() -> None:
    versions = tuple(
        DeployedVersion(tenant="prod", name=f"action-{number}", number=number, commit=COMMIT) for number in range(900)
    )
    made = applied_stage(delivery(versions=versions), RUN)
    assert len(made.comment.encode()) < LIMIT and "… and 700 more" in made.comment
    assert len(made.outputs.deployed_versions) == 900


def test_the_command_that_approves_names_the_branch_where_it_is_not_the_default_one() -> None:
    assert " --ref release -f tenant=prod " in dispatch(
        delivery(), RUN.model_copy(update={"ref": "refs/heads/release"}), PLAN
    )
    assert "--ref" not in dispatch(delivery(), RUN, PLAN)
    assert "'tenant=a b'" in dispatch(delivery(tenant="a b"), RUN, PLAN)


def test_the_sentence_of_a_deployment_says_what_runs() -> None:
    versions = (DeployedVersion(tenant="prod", name="greet", number=2, commit=COMMIT),)
    assert title(delivery(versions=versions, deleted=("old",))) == (
        "Applied cccccccccccc to prod: greet version 2, old deleted."
    )
    assert title(delivery()) == "Applied cccccccccccc to prod: no new version."
