"""The last guard: no secret that the process knows leaves in any text."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.ci.job import Job
from tests.github.standin.state import TOKEN as GITHUB_TOKEN
from tests.run.conftest import TOKEN

ENCODED = base64.b64encode(TOKEN.encode()).decode()


def put_in_code(job: Job, text: str) -> None:
    """Somebody commits what is secret, in a comment of code."""
    job.home.change("actions/guard/code.js", "exports.", f"// {text}\nexports.")
    job.home.commit("oops")


@pytest.mark.parametrize(
    "form", [TOKEN, ENCODED, TOKEN.encode().hex(), base64.b64encode(f"a{TOKEN}z".encode()).decode()]
)
def test_a_value_that_stands_in_code_is_masked_wherever_it_would_leave(job: Job, form: str) -> None:
    put_in_code(job, form)
    job.start_pull(RUNNER_DEBUG="1")
    assert job.run("plan") == 3  # the guard `leaks` has its say, too
    assert "***" in job.comments[0].body
    assert "***" in job.checks["reconciler / plan (local)"].summary  # type: ignore[operator]
    for secret in (TOKEN, ENCODED, form, GITHUB_TOKEN):
        assert secret not in job.everything
    warned = [line for line in job.log.splitlines() if "::warning" in line and "masked" in line]
    assert len(warned) == 1
    assert "The value of token stood in a text" in warned[0]


def test_a_value_with_signs_of_its_own_is_found_url_encoded(job: Job) -> None:
    job.set(SOME_PASSWORD="p&ss w/rd?")
    put_in_code(job, quote("p&ss w/rd?", safe=""))
    job.start_pull()
    job.run("plan")
    assert quote("p&ss w/rd?", safe="") not in job.everything
    assert "The value of SOME_PASSWORD stood" in job.log


def test_a_value_is_masked_in_the_form_that_markdown_and_html_give_it(job: Job) -> None:
    secret = "a<b>_c*d|e&f`g@h"
    job.set(SOME_TOKEN=secret)
    job.home.write("actions/guard/action.yaml", f"name: guard\ntrigger: {json.dumps(secret)}\n")
    job.home.commit("oops")
    job.start_pull()
    assert job.run("validate") == 1
    for form in (secret, "a&lt;b&gt;", r"b&gt;\_c", "d|e&f", "e&amp;f"):
        assert form not in job.everything
    assert "The value of SOME_TOKEN stood" in job.log


def test_json_and_files_are_masked_too_and_a_masked_plan_cannot_be_applied(job: Job) -> None:
    put_in_code(job, TOKEN)
    assert job.run("plan", "--format", "json", "--out-dir", str(job.folder / "plans")) == 3
    assert TOKEN not in job.everything
    assert json.loads(job.stdout)["stages"][0]["exit_code"] == 3
    plan = job.folder / "plans/plan-local.json"
    assert "***" in plan.read_text(encoding="utf-8")
    assert job.home.reconciler("apply", str(plan), "--yes") == 1


def test_the_age_key_and_credentials_of_the_environment_are_masked(job: Job) -> None:
    key = next(
        line
        for line in (job.home.folder / "age-key.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("AGE-SECRET-KEY-")
    )
    job.set(AUTH0_CLIENT_SECRET="client-secret-of-ours")
    put_in_code(job, f"{key} client-secret-of-ours {GITHUB_TOKEN}")
    job.start_pull()
    job.run("plan")
    for secret in (key, "client-secret-of-ours", GITHUB_TOKEN):
        assert secret not in job.everything
    for name in ("age key in line", "AUTH0_CLIENT_SECRET", "GITHUB_TOKEN"):
        assert name in job.log


@pytest.mark.parametrize("name", ["GH_PAT", "DB_PASS", "NPM_CONFIG__AUTH", "GOOGLE_CREDENTIALS", "signing-key"])
def test_variables_are_known_for_secrets_by_their_names(job: Job, name: str) -> None:
    job.patch.setenv(name, "a-value-of-nobodys-business")
    put_in_code(job, "a-value-of-nobodys-business")
    job.start_pull()
    job.run("plan")
    assert "a-value-of-nobodys-business" not in job.everything


def test_a_short_value_is_not_looked_for(job: Job) -> None:
    job.set(SOME_TOKEN="guard")
    job.start_pull()
    job.run("plan")
    assert "guard" in job.comments[0].body
    assert "masked" not in job.log


def test_a_value_that_is_a_tenants_name_leaves_the_names_by_which_things_are_found(job: Job) -> None:
    job.set(SOME_TOKEN="production")
    local = (job.home.folder / "tenants/local.yaml").read_text(encoding="utf-8")
    job.home.write("tenants/production.yaml", local)
    job.home.commit("production")
    job.start_pull()
    for _ in range(2):
        assert job.run("plan", "--tenant", "production") == 0
        assert len(job.comments) == 1
    assert job.checks["reconciler / plan (production)"].external_id == job.outputs["checksum"]
    assert "production" not in job.comments[0].body.partition("\n")[2]


def test_an_error_that_ends_the_command_is_masked(job: Job) -> None:
    job.set(SOME_TOKEN="nobody-knows-this")
    job.start_pull()
    assert job.run("plan", "--tenant", "nobody-knows-this,local") == 64
    assert "nobody-knows-this" not in job.log
    assert job.outputs["exit-code"] == "64"


def test_what_a_case_prints_cannot_be_a_command_of_the_runner(job: Job) -> None:
    job.home.change(
        "actions/greet/code.js",
        "exports.",
        "// ::set-output name=x::y\n// ##[add-mask]z\nexports.",
    )
    job.home.write(
        "actions/greet/cases.yaml",
        "- name: '::error::mine'\n  expect: {api: [{method: idToken.setCustomClaim, args: ['##[error]x', y]}]}\n",
    )
    job.home.commit("commands")
    job.start_pull()
    job.run("plan")
    job.run("test")
    for text in (job.stdout, job.stderr):
        assert [line for line in outside(text) if line.lstrip().startswith("::")] == [
            line for line in outside(text) if line.startswith(("::group::", "::endgroup::", "::warning "))
        ]
    job.run("test", "--format", "json")
    assert "##[" not in job.stdout
    assert json.loads(job.stdout)["stages"][0]["exit_code"] == 4


def outside(text: str) -> list[str]:
    """The lines that a runner looks at for commands."""
    end, kept = "", []
    for line in text.splitlines():
        if end:
            end = "" if line == end else end
        elif line.startswith("::stop-commands::"):
            end = f"::{line.removeprefix('::stop-commands::')}::"
        else:
            kept.append(line)
    assert not end
    return kept


def test_paths_of_outputs_hold_no_secret(job: Job) -> None:
    job.set(SOME_TOKEN="hidden-folder")
    job.start_pull()
    job.run("plan", "--out-dir", str(job.folder / "hidden-folder"))
    assert Path(job.outputs["plan-json"]).parts[-2] == "***"
