"""`reconciler ci test`: failed cases are shown where they are written."""

from __future__ import annotations

from tests.ci.job import Job

CHECK = "reconciler / test"


def test_cases_that_pass_make_a_check_that_passes(job: Job) -> None:
    job.start_pull()
    assert job.run("test") == 0
    assert (job.checks[CHECK].conclusion, job.checks[CHECK].title) == ("success", "1 passed, 0 failed.")
    assert job.comments == []


def test_a_failed_case_is_marked_on_its_line_and_ends_with_4(job: Job) -> None:
    job.home.change("actions/greet/cases.yaml", "args: [hello, ada@example.com]", "args: [hello, eve@example.com]")
    job.home.commit("wrong case")
    job.start_pull()
    assert job.run("test") == 4
    assert job.outputs["exit-code"] == "4"
    (note,) = job.checks[CHECK].annotations
    assert (note["path"], note["start_line"]) == ("actions/greet/cases.yaml", 1)
    assert job.checks[CHECK].conclusion == "failure"


def test_named_actions_only(job: Job) -> None:
    assert job.run("test", "guard") == 0
    assert "There are no cases." in job.stdout
    assert job.run("test", "nobody") == 64


def test_a_tenant_has_a_stage_of_its_own_where_it_is_named(job: Job) -> None:
    local = (job.home.folder / "tenants/local.yaml").read_text(encoding="utf-8")
    job.home.write("tenants/dev.yaml", local + "overrides: {actions: {greet: {enabled: false}}}\n")
    job.home.commit("dev")
    job.start_pull()
    assert job.run("test", "--tenant", "dev,local") == 0
    assert {name: check.title for name, check in job.checks.items()} == {
        "reconciler / test (dev)": "There are no cases.",
        "reconciler / test (local)": "1 passed, 0 failed.",
    }


def test_without_a_tenant_it_is_the_first_that_a_commit_reaches(job: Job) -> None:
    (job.home.folder / "tenants/local.yaml").rename(job.home.folder / "tenants/zeta.yaml")
    local = (job.home.folder / "tenants/zeta.yaml").read_text(encoding="utf-8")
    job.home.write("tenants/alpha.yaml", local + "overrides: {actions: {greet: {enabled: false}}}\n")
    job.home.write("reconciler.yaml", "name: acme\npromote: [zeta, alpha]\n")
    assert job.run("test") == 0
    assert job.stdout.startswith("reconciler / test: 1 passed, 0 failed.\n")


def test_wrong_files_are_marked_and_end_with_1(job: Job) -> None:
    job.home.write("actions/guard/action.yaml", "name: guard\ntrigger: nowhere\n")
    job.home.commit("break it")
    job.start_pull()
    assert job.run("test") == 1
    assert job.checks[CHECK].annotations[0]["path"] == "actions/guard/action.yaml"
