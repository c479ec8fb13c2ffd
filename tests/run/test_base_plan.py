"""Plans against what a branch came from: what a pull request without secrets is shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reconciler.desired.load import Documents, load_repository
from reconciler.errors import BrokenBase, Exit, GitError
from reconciler.model.pipeline import PullRequest
from reconciler.model.plan import Alarm
from reconciler.run.base_plan import Base, base_of, base_of_pull, readdressed
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.conftest import TOKEN, Home

Told = pytest.CaptureFixture[str]
PROD = "type: auth0\ndomain: acme.eu.auth0.com\n"


@pytest.fixture
def branch(home: Home) -> Home:
    """A branch of the repository, on a machine that has no key."""
    (home.folder / "age-key.txt").unlink()
    home.git("switch", "-q", "-c", "feature")
    return home


@contextmanager
def opened(folder: Path) -> Iterator[Workplace]:
    with open_workplace(Settings(start=folder, environ={})) as place:
        yield place


def planned(home: Home, told: Told, *args: str) -> Any:
    told.readouterr()
    assert home.reconciler("plan", "--against", "main", "--format", "json", *args) == Exit.DONE
    return json.loads(told.readouterr().out)


def test_a_branch_without_changes_plans_nothing(branch: Home, capsys: Told) -> None:
    assert branch.reconciler("plan", "--against", "main", "--detailed-exitcode") == Exit.DONE
    assert "Nothing to change." in capsys.readouterr().out


def test_a_branch_is_planned_without_key_tenant_and_network(branch: Home, capsys: Told) -> None:
    branch.change("actions/greet/code.js", "'hello'", "'good day'")
    head = branch.commit("Greet politely")
    assert branch.reconciler("plan", "--against", "main", "--detailed-exitcode") == Exit.CHANGES
    out = capsys.readouterr().out
    main = branch.git("rev-parse", "main")
    assert f"acme at {head[:12]} against main at {main[:12]}, not the tenant local" in out
    assert "~ update greet (code)\n" in out
    assert "+  api.idToken.setCustomClaim('good day', event.user.email);" in out
    assert "--- main/actions/greet/code.js" in out
    assert "Checksum" not in out
    assert "Made without the tenant local: it cannot be applied." in out
    assert not (branch.folder / ".reconciler" / "tenants").exists()


def test_files_that_are_not_committed_are_planned_too(branch: Home, capsys: Told) -> None:
    branch.change("actions/greet/code.js", "'hello'", "'good day'")
    assert branch.reconciler("plan", "--against", "HEAD") == Exit.DONE
    assert "acme at uncommitted files against HEAD at " in capsys.readouterr().out


def test_a_branch_that_is_not_checked_out_is_planned_by_its_name(branch: Home, capsys: Told) -> None:
    branch.change("actions/greet/code.js", "'hello'", "'good day'")
    head = branch.commit("Greet politely")
    branch.git("switch", "-q", "main")
    document = planned(branch, capsys, "--rev", "feature")
    assert (document["against"]["head"], len(document["actions"])) == (head, 1)


def test_a_secret_that_was_set_anew_is_rotated_and_the_others_are_not(home: Home, capsys: Told) -> None:
    home.git("switch", "-q", "-c", "feature")
    secrets = home.folder / "secrets" / "local.sops.yaml"
    before = secrets.read_text(encoding="utf-8")
    line = next(line for line in before.splitlines() if line.startswith("token: "))
    assert "iv:" in line
    secrets.write_text(before.replace(line, line.replace("iv:", "iv:A", 1)), encoding="utf-8")
    home.commit("Another token")
    (home.folder / "age-key.txt").unlink()
    (change,) = planned(home, capsys)["actions"]
    assert change["why"]["secrets"] == [{"name": "TOKEN", "what": "rotated"}]


def test_what_main_has_got_since_is_no_part_of_the_change(branch: Home, capsys: Told) -> None:
    branch.change("actions/greet/code.js", "'hello'", "'good day'")
    branch.commit("Greet politely")
    branch.git("switch", "-q", "main")
    branch.change("actions/guard/code.js", "'not you'", "'not you, Eve'")
    branch.commit("Say who")
    branch.git("switch", "-q", "feature")
    document = planned(branch, capsys)
    assert [change["name"] for change in document["actions"]] == ["greet"]


def test_a_tenant_that_the_base_does_not_know_gets_everything(branch: Home, capsys: Told) -> None:
    branch.write("tenants/prod.yaml", f"{PROD}secrets: secrets/local.sops.yaml\n")
    branch.commit("A tenant for customers")
    document = planned(branch, capsys, "--tenant", "prod")
    assert [change["kind"] for change in document["actions"]] == ["create", "create"]
    (alarm,) = document["guards"]["alarms"]
    assert alarm["place"] == "tenants/prod.yaml:2:9"
    assert "(domain acme.eu.auth0.com is new)" in alarm["message"]
    assert document["guards"]["remarks"][0].endswith("knows no tenant prod: everything is new.")


def test_a_base_without_a_repository_gets_everything(branch: Home, capsys: Told) -> None:
    branch.git("rm", "-q", "-r", "--cached", ".")
    branch.git("commit", "-q", "-m", "Nothing yet")
    nothing = branch.git("rev-parse", "HEAD")
    branch.commit("Take everything into git")
    assert len(planned(branch, capsys, "--against", nothing)["actions"]) == 2


def test_a_base_that_has_no_history_in_common_is_taken_as_it_is(branch: Home, capsys: Told) -> None:
    other = branch.git("commit-tree", "-m", "Elsewhere", "HEAD^{tree}")
    assert planned(branch, capsys, "--against", other)["actions"] == []


def test_several_tenants_are_planned_in_turn(branch: Home, capsys: Told) -> None:
    branch.write("tenants/prod.yaml", f"{PROD}secrets: secrets/local.sops.yaml\n")
    branch.commit("A tenant for customers")
    document = planned(branch, capsys, "--tenant", "local,prod")
    assert [(each["tenant"], each["changes"]) for each in document["tenants"]] == [
        ("local", 0),
        ("prod", 3),
    ]


def test_a_base_with_mistakes_is_told_with_their_places_in_it(branch: Home, capsys: Told) -> None:
    branch.git("switch", "-q", "main")
    branch.write("flows/post-login.yaml", "trigger: post-login\nbindings: [nobody]\n")
    branch.commit("Break it")
    branch.git("switch", "-q", "feature")
    branch.git("merge", "-q", "main")
    branch.write("flows/post-login.yaml", "trigger: post-login\nbindings: [greet]\n")
    branch.commit("Mend it")
    assert branch.reconciler("plan", "--against", "main") == Exit.ERROR
    err = capsys.readouterr().err
    assert "flows/post-login.yaml:2:12" in err
    assert "its own files have mistakes" in err


def test_mistakes_of_the_base_are_no_remarks_on_the_files_at_hand() -> None:
    assert not hasattr(BrokenBase("main", []), "diagnostics")


def test_mistakes_of_the_branch_are_told_as_ever(branch: Home, capsys: Told) -> None:
    branch.write("flows/post-login.yaml", "trigger: post-login\nbindings: [nobody]\n")
    branch.commit("Break it")
    assert branch.reconciler("plan", "--against", "main") == Exit.ERROR
    assert "flows/post-login.yaml:2:12" in capsys.readouterr().err


def test_a_plan_without_a_tenant_is_never_applied(branch: Home, capsys: Told) -> None:
    branch.change("actions/greet/code.js", "'hello'", "'good day'")
    branch.commit("Greet politely")
    saved = str(branch.folder / "plan.json")
    assert branch.reconciler("plan", "--against", "main", "--out", saved) == Exit.DONE
    document = json.loads(Path(saved).read_text(encoding="utf-8"))
    assert (document["commit"], document["checksum"], document["seen"]) == ("", "", [])
    assert branch.reconciler("apply", saved) == Exit.ERROR
    assert "it is against main at " in capsys.readouterr().err
    del document["against"]
    Path(saved).write_text(json.dumps(document), encoding="utf-8")
    assert branch.reconciler("apply", saved) == Exit.ERROR
    assert "its checksum does not fit" in capsys.readouterr().err


def test_a_plan_against_a_commit_is_the_one_against_a_tenant_that_has_it(home: Home, capsys: Told) -> None:
    assert home.reconciler("apply", "--yes") == Exit.DONE
    home.git("switch", "-q", "-c", "feature")
    home.change("actions/greet/code.js", "'hello'", "'good day'")
    home.change("actions/greet/action.yaml", "{value: info}", "{value: debug}")
    home.write("actions/late/action.yaml", "name: late\ntrigger: post-login\nsecrets: {KEY: token}\n")
    home.write("actions/late/code.js", "exports.onExecutePostLogin = async (event, api) => {};\n")
    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [late, {action: greet, display_name: Hi}]\n")
    shutil.rmtree(home.folder / "actions" / "guard")
    home.commit("Much")
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json") == Exit.DONE
    real = json.loads(capsys.readouterr().out)
    made = planned(home, capsys)
    assert [_seen(change) for change in made["actions"]] == [_seen(change) for change in real["actions"]]
    assert [_order(flow) for flow in made["flows"]] == [_order(flow) for flow in real["flows"]]


def _seen(change: dict[str, Any]) -> Any:
    reasons = [reason.replace("not in main", "not in the tenant") for reason in change["why"]["reasons"]]
    return change["kind"], change["name"], change["after"], change["why"] | {"reasons": reasons}


def _order(flow: dict[str, Any]) -> Any:
    return [[(place["action"], place["display_name"]) for place in flow[side]] for side in ("before", "after")]


def test_nothing_secret_is_in_the_plan(branch: Home, capsys: Told) -> None:
    branch.change("actions/greet/action.yaml", "LEVEL: {value: info}", "LEVEL: {value: a-readable-value}")
    branch.commit("Say more")
    told = json.dumps(planned(branch, capsys))
    assert TOKEN not in told and "a-readable-value" not in told and "ENC[" not in told


def test_a_revision_that_git_does_not_know_is_told(branch: Home, capsys: Told) -> None:
    assert branch.reconciler("plan", "--against", "origin/main") == Exit.ERROR
    assert "Git does not know the revision 'origin/main'." in capsys.readouterr().err


def test_recording_commits_needs_a_tenant(branch: Home, capsys: Told) -> None:
    assert branch.reconciler("plan", "--against", "main", "--stamp") == Exit.USAGE
    assert "--stamp" in capsys.readouterr().err


# What a pipeline checks out


@pytest.fixture
def pull(branch: Home, tmp_path: Path) -> tuple[Home, PullRequest]:
    """The remote of a repository with a pull request in it that GitHub merged to try it."""
    branch.change("actions/greet/code.js", "'hello'", "'good day'")
    head = branch.commit("Greet politely")
    branch.git("switch", "-q", "main")
    branch.change("actions/guard/code.js", "'not you'", "'not you, Eve'")
    branch.commit("Say who")
    branch.git("switch", "-q", "-c", "merge", "main")
    branch.git("merge", "-q", "--no-ff", "-m", "Merge", "feature")
    branch.git("update-ref", "refs/pull/7/merge", "merge")
    branch.git("update-ref", "refs/pull/7/head", "feature")
    branch.git("switch", "-q", "main")
    return branch, PullRequest(number=7, head=head, base="main", fork=True)


def checked_out(remote: Home, folder: Path, ref: str, *how: str) -> Home:
    """What actions/checkout does."""
    folder.mkdir()
    there = Home(folder)
    there.git("init", "-q")
    there.git("remote", "add", "origin", f"file://{remote.folder}")
    there.git("fetch", "-q", *how, "origin", f"+{ref}:refs/remotes/{ref.removeprefix('refs/')}")
    there.git("checkout", "-q", "--detach", f"refs/remotes/{ref.removeprefix('refs/')}")
    return there


def the_base(home: Home, pull: PullRequest) -> Base:
    with opened(home.folder) as place:
        return base_of_pull(place, pull)


@pytest.mark.parametrize("how", [["--depth=2"], ["+refs/heads/*:refs/remotes/origin/*"]], ids=["two", "everything"])
def test_the_base_of_a_merge_that_github_made_is_its_first_parent(
    pull: tuple[Home, PullRequest], tmp_path: Path, how: list[str]
) -> None:
    remote, request = pull
    depth, refs = [each for each in how if each.startswith("--")], [each for each in how if each.startswith("+")]
    there = checked_out(remote, tmp_path / "there", "refs/pull/7/merge", *depth)
    if refs:
        there.git("fetch", "-q", "origin", *refs)
    base = the_base(there, request)
    assert base.against.commit == remote.git("rev-parse", "main")
    assert base.against.told == f"origin/main at {remote.git('rev-parse', 'main')[:12]}"


def test_the_base_of_the_head_of_a_branch_is_what_it_came_from(pull: tuple[Home, PullRequest], tmp_path: Path) -> None:
    remote, request = pull
    there = checked_out(remote, tmp_path / "there", "refs/pull/7/head")
    there.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert the_base(there, request).against.commit == remote.git("rev-parse", "main~1")


@pytest.mark.parametrize("ref", ["refs/pull/7/merge", "refs/pull/7/head"])
def test_a_clone_that_lacks_the_base_says_how_to_fetch_it(
    pull: tuple[Home, PullRequest], tmp_path: Path, ref: str
) -> None:
    remote, request = pull
    there = checked_out(remote, tmp_path / "there", ref, "--depth=1")
    with pytest.raises(GitError, match="in common") as told:
        the_base(there, request)
    assert "fetch-depth: 0" in told.value.remedy


def test_a_shallow_clone_without_the_common_commit_says_so(pull: tuple[Home, PullRequest], tmp_path: Path) -> None:
    remote, _ = pull
    there = checked_out(remote, tmp_path / "there", "refs/pull/7/head", "--depth=1")
    there.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    with opened(there.folder) as place, pytest.raises(GitError, match="in common"):
        base_of(place, "origin/main")


# Where credentials go


def _documents(place: Workplace) -> Documents:
    return load_repository(place.tree(None))


def moved(home: Home, after: str, before: str = PROD, more: str = "") -> tuple[Alarm, ...]:
    """What is said of a pull request that changes tenants/prod.yaml."""
    home.write("tenants/prod.yaml", before)
    home.write("tenants/stage.yaml", "type: auth0\ndomain: stage.eu.auth0.com\n")
    home.commit("before")
    base = home.git("rev-parse", "HEAD")
    home.write("tenants/prod.yaml", after)
    home.write("reconciler.yaml", f"name: acme\n{more}")
    home.commit("after", "--allow-empty")
    with opened(home.folder) as place:
        return readdressed(base_of(place, base), _documents(place), "prod")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (PROD.replace("acme.eu", "evil.eu"), "domain acme.eu.auth0.com -> evil.eu.auth0.com"),
        (f"{PROD}credentials: {{access_token: SOPS_AGE_KEY}}\n", "credentials.access_token AUTH0_ACCESS_TOKEN"),
        (f"{PROD}ca: evil.pem\n", "ca none -> evil.pem"),
        ("type: local\nserver: evil/tenant.json\n", "server none -> evil/tenant.json"),
    ],
    ids=["domain", "credentials", "ca", "server"],
)
def test_whoever_is_sent_credentials_by_a_pull_request_is_told(home: Home, after: str, told: str) -> None:
    (said,) = moved(home, after)
    assert said.message.startswith("tenants/prod.yaml changes where credentials go (")
    assert told in said.message


def test_a_pipeline_that_trusts_main_sends_credentials_only_where_main_sends_them(home: Home, capsys: Told) -> None:
    prod = f"{PROD}secrets: secrets/local.sops.yaml\nage_key_file: age-key.txt\n"
    home.write("tenants/prod.yaml", prod)
    home.commit("A tenant for customers")
    home.git("switch", "-q", "-c", "feature")
    assert home.reconciler("plan", "--trust", "main") == Exit.DONE
    assert "-> tenant local" in capsys.readouterr().out
    assert home.reconciler("plan", "--trust", "main", "--tenant", "prod") == Exit.ERROR
    assert "There are no credentials for acme.eu.auth0.com" in capsys.readouterr().err
    home.write("tenants/prod.yaml", prod.replace("acme.eu", "evil.eu"))
    home.commit("Elsewhere")
    assert home.reconciler("plan", "--trust", "main", "--tenant", "prod") == Exit.DONE
    out = capsys.readouterr().out
    assert "against main at" in out and "warning: tenants/prod.yaml changes where credentials go" in out
    assert home.reconciler("plan", "--trust", "main", "--against", "main") == Exit.USAGE


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_a_key_service_that_a_pull_request_names_gets_no_token(home: Home, scheme: str) -> None:
    base = home.git("rev-parse", "HEAD")
    secrets = (home.folder / "secrets" / "local.sops.yaml").read_text(encoding="utf-8")
    address = f"{scheme}://vault.evil.example"
    vault = f"sops:\n    hc_vault:\n        - vault_address: {address}\n          engine_path: sops\n"
    home.write("secrets/local.sops.yaml", secrets.replace("sops:\n", vault))
    home.commit("Ask somebody else")
    with opened(home.folder) as place:
        (said,) = readdressed(base_of(place, base), _documents(place), "local")
    assert f"(secrets decrypted by {address} is new)" in said.message
    assert said.place == "tenants/local.yaml:2:10"


def test_other_changes_of_a_tenant_file_are_no_news(home: Home) -> None:
    assert moved(home, f"{PROD}branch: main\n") == ()
    assert moved(home, "type: local\n") == ()
    assert moved(home, "type: local\n", "type: local\nbranch: main\n") == ()


def test_the_tenant_that_comes_before_is_asked_too(home: Home) -> None:
    home.write("tenants/stage.yaml", "type: auth0\ndomain: stage.eu.auth0.com\n")
    home.write("tenants/prod.yaml", PROD)
    base = home.commit("before")
    home.write("tenants/stage.yaml", "type: auth0\ndomain: evil.eu.auth0.com\n")
    home.write("reconciler.yaml", "name: acme\npromote: [stage, prod]\n")
    home.commit("after")
    with opened(home.folder) as place:
        (said,) = readdressed(base_of(place, base), _documents(place), "prod")
    assert said.message.startswith(
        "tenants/stage.yaml changes where credentials go (domain stage.eu.auth0.com -> evil.eu"
    )
