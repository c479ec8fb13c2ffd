"""Somebody begins: a repository, then actions, flows and modules in it."""

from __future__ import annotations

import json
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.run.templates import offers
from reconciler.templates.shipped import Template, templates
from reconciler.templates.starters import RUNS
from tests.run.starting import Desk
from tests.workflows.test_linters import actionlint

OFFERS = offers()
DOCUMENTED = [facts for facts in triggers().values() if facts.documented]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path / "desk", tmp_path / "home", monkeypatch, capfd)
    made.folder.mkdir()
    made.home.mkdir()
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """A repository that was just made; the working folder is in it."""
    desk.said("init", "acme")
    desk.go("acme")
    return desk


def every_template(desk: Desk, names: list[str]) -> None:
    """Begins an action with each, gives the secrets their values, tests, applies, and finds nothing left to do."""
    desk.said("init", "acme")
    desk.go("acme")
    for name in names:
        desk.said("new", "action", f"my-{name}", "--template", name)
    for key in sorted({key for offer in OFFERS for key in offer.secrets if offer.name in names}):
        desk.said("secrets", "set", key, typed=f"value of {key}")
    assert "no problems" in desk.said("validate")
    assert json.loads(desk.said("validate", "--format", "json"))["notices"] == []
    desk.said("lock", "--check")
    desk.said("secrets", "check")
    with Path("reconciler.yaml").open("a", encoding="utf-8") as file:
        file.write("coverage: {lines: 95, branches: 90}\n")
    outcomes = json.loads(desk.said("test", "--coverage", "--format", "json"))
    assert [each["case"] for each in outcomes if each["status"] != "passed"] == []
    assert {each["action"] for each in outcomes} == {f"my-{name}" for name in names}
    desk.git("add", ".")
    desk.git("commit", "-q", "-m", "Begin")
    desk.said("apply", "--yes")
    assert "Nothing to change." in desk.said("plan", "--detailed-exitcode")


def test_every_template_without_packages_passes_its_cases_and_runs_in_a_tenant(desk: Desk) -> None:
    every_template(desk, [offer.name for offer in OFFERS if not offer.packages])


@pytest.mark.registry
def test_every_template_with_packages_is_locked_passes_its_cases_and_runs_in_a_tenant(desk: Desk) -> None:
    every_template(desk, [offer.name for offer in OFFERS if offer.packages])


def test_the_cases_of_a_template_hold_whatever_its_settings_say(begun: Desk) -> None:
    for offer in (each for each in OFFERS if each.settings and not each.packages):
        begun.said("new", "action", offer.name, "--template", offer.name)
        file = Path(f"actions/{offer.name}/action.yaml")
        text = re.sub(r"\{value: .*\}", "{value: changed}", file.read_text(encoding="utf-8"))
        assert text.count("{value: changed}") == len(offer.settings)
        file.write_text(text, encoding="utf-8")
        for key in offer.secrets:
            begun.said("secrets", "set", key, typed="x")
    begun.said("test")


@pytest.mark.parametrize("name", templates())
def test_a_template_has_what_people_look_for(name: str) -> None:
    template = templates()[name]
    offer = next(each for each in OFFERS if each.name == name)
    assert template.files["action.yaml"].splitlines()[1:3] == [f"name: {name}", f"description: {_said(template, name)}"]
    assert len(re.findall(r"^- name: ", template.files["cases.yaml"], re.MULTILINE)) >= 3
    assert template.finish or not (offer.secrets or offer.settings)
    assert all(each.endswith(".") for each in (template.description, *template.finish))
    assert max(map(len, template.files["code.js"].splitlines())) <= 110
    handlers = triggers()[template.trigger].handlers
    exported = re.findall(
        r"^ \* @type \{(\w+)\}\n \*/\nexports\.(\w+) = async", template.files["code.js"], re.MULTILINE
    )
    assert exported and all(each in handlers and kind == each[0].upper() + each[1:] for kind, each in exported)


def _said(template: Template, name: str) -> str:
    found = re.search(r"^description: (.+)$", template.files["action.yaml"], re.MULTILINE)
    assert found, name
    return found[1]


def test_every_trigger_has_a_starter_that_passes(begun: Desk) -> None:
    assert RUNS.keys() == {facts.id for facts in DOCUMENTED}
    for facts in DOCUMENTED:
        begun.said("new", "action", f"on-{facts.id}", "--trigger", facts.id)
    assert "no problems" in begun.said("validate")
    outcomes = json.loads(begun.said("test", "--format", "json"))
    assert {each["status"] for each in outcomes} == {"passed"} and len(outcomes) == len(DOCUMENTED)


def test_the_commands_that_init_prints_work_as_they_are_printed(desk: Desk) -> None:
    said = desk.said("init", "acme identity", "--name", "acme-identity")
    commands = [line.strip() for line in said.partition("Next:\n")[2].splitlines()]
    assert commands[0] == "cd 'acme identity'"
    assert "wrote schemas/ (" in said and "wrote .sops.yaml\n" in said
    desk.patch.setenv("GIT_AUTHOR_NAME", "Ada")
    desk.patch.setenv("GIT_COMMITTER_NAME", "Ada")
    desk.patch.setenv("GIT_AUTHOR_EMAIL", "ada@example.com")
    desk.patch.setenv("GIT_COMMITTER_EMAIL", "ada@example.com")
    shell = f'reconciler() {{ {shlex.quote(sys.executable)} -m reconciler "$@"; }}\n' + "\n".join(commands)
    ended = subprocess.run(["sh", "-e", "-c", shell], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "verified local a new plan is empty" in ended.stdout + ended.stderr
    desk.go("acme identity")
    assert desk.git("status", "--porcelain") == ""


def test_a_new_repository_has_nothing_to_complain_of(begun: Desk) -> None:
    assert begun.said("validate") == "0 actions checked, no problems.\n"
    begun.said("secrets", "check")
    begun.git("add", ".")
    begun.git("commit", "-q", "-m", "Begin")
    assert "Nothing to change." in begun.said("plan")
    assert not [path for path in begun.files() if path.endswith(".txt")]


def test_the_age_key_is_outside_of_the_repository_and_only_for_its_owner(begun: Desk) -> None:
    key = begun.home / ".config/sops/age/acme.txt"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "AGE-SECRET-KEY-1" in key.read_text(encoding="utf-8")
    assert not [path for path, content in begun.files().items() if b"AGE-SECRET-KEY-1" in content]
    begun.said("secrets", "set", "token", typed="a value")


def test_the_age_key_is_said_to_be_needed_elsewhere_and_is_never_shown(desk: Desk) -> None:
    said = desk.said("init", "acme")
    assert "SOPS_AGE_KEY" in said and ".config/sops/age/acme.txt" in said and "AGE-SECRET-KEY" not in said


def test_a_key_of_that_name_is_used_again(desk: Desk) -> None:
    desk.said("init", "acme")
    key = (desk.home / ".config/sops/age/acme.txt").read_bytes()
    assert "was there, and is used" in desk.said("init", "again", "--name", "acme")
    assert (desk.home / ".config/sops/age/acme.txt").read_bytes() == key
    desk.go("again")
    desk.said("secrets", "check")


def test_without_a_home_the_key_is_in_the_folder_and_git_ignores_it(desk: Desk) -> None:
    desk.patch.delenv("HOME")
    desk.said("init", "acme")
    desk.go("acme")
    assert Path("age-key.txt").is_file()
    assert "age-key.txt" not in desk.git("status", "--porcelain", "--untracked-files=all")
    desk.said("secrets", "check")


def test_init_adds_to_a_git_repository_and_keeps_what_is_there(desk: Desk) -> None:
    desk.git("init", "-q", "-b", "trunk")
    (desk.folder / "README.md").write_text("mine\n", encoding="utf-8")
    (desk.folder / ".gitignore").write_text("*.log\n.reconciler/", encoding="utf-8")
    said = desk.said("init", "--name", "acme")
    assert "made a git repository" not in said and "kept README.md" in said and "changed .gitignore" in said
    assert (desk.folder / "README.md").read_text(encoding="utf-8") == "mine\n"
    ignored = (desk.folder / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ignored == ["*.log", ".reconciler/", "node_modules/", "age-key.txt"]
    assert desk.git("branch", "--show-current") == "trunk"
    assert "  cd " not in said
    desk.said("validate")


def test_a_folder_of_a_bigger_repository_gets_workflows_of_its_own(desk: Desk) -> None:
    desk.git("init", "-q")
    (desk.folder / ".github/workflows").mkdir(parents=True)
    (desk.folder / ".github/workflows/deploy.yml").write_text("name: theirs\n", encoding="utf-8")
    said = desk.said("init", "teams/identity")
    assert "  git add . :/.github && git commit -m 'Begin identity'" in said
    workflows = sorted((desk.folder / ".github/workflows").glob("*.yml"))
    assert [each.name for each in workflows] == [
        "deploy.yml",
        "teams-identity-deploy.yml",
        "teams-identity-drift.yml",
        "teams-identity-pull-request.yml",
    ]
    text = workflows[3].read_text(encoding="utf-8")
    assert text.count("repo-dir: teams/identity") == text.count("reconcile@")
    assert "reconciler ci matrix --repo teams/identity" in text and "name: teams-identity pull-request" in text
    assert actionlint(*workflows[1:]) == (0, "")
    desk.go("teams/identity")
    desk.said("validate")


def test_init_names_every_file_that_is_in_its_way_and_writes_nothing(desk: Desk) -> None:
    (desk.folder / "tenants").mkdir()
    (desk.folder / "tenants/local.yaml").write_text("mine\n", encoding="utf-8")
    (desk.folder / ".sops.yaml").write_text("mine\n", encoding="utf-8")
    before = desk.files()
    said = desk.said("init", "--name", "acme", code=1)
    assert ".sops.yaml: the file is there already." in said and "tenants/local.yaml: the file" in said
    assert desk.files() == before and not (desk.folder / ".git").exists() and not list(desk.home.rglob("*.txt"))


def test_init_names_what_is_in_the_way_of_a_folder(desk: Desk) -> None:
    (desk.folder / "tenants").write_text("mine\n", encoding="utf-8")
    (desk.folder / ".github").symlink_to("nowhere")
    said = desk.said("init", "--name", "acme", code=1)
    assert ".github: a folder is to be there, and this is none. Begin in an empty folder" in said
    assert "tenants: a folder is to be there" in said
    assert f"{desk.folder / 'tenants'} is not a folder." in desk.said("init", "tenants/acme", code=64)
    assert desk.files() == {"tenants": b"mine\n"}


def test_what_is_in_the_way_of_a_new_action_is_named(begun: Desk) -> None:
    Path("actions").write_text("mine\n", encoding="utf-8")
    said = begun.said("new", "action", "greet", "--trigger", "post-login", code=64)
    assert "actions is not a folder, and actions/greet/action.yaml is to be in it." in said


def test_workflows_in_the_way_can_be_left_out(desk: Desk) -> None:
    (desk.folder / ".github/workflows").mkdir(parents=True)
    (desk.folder / ".github/workflows/drift.yml").write_text("mine\n", encoding="utf-8")
    assert "--no-workflows" in desk.said("init", "--name", "acme", code=1)
    desk.said("init", "--name", "acme", "--no-workflows")
    assert [path for path in desk.files() if path.startswith(".github")] == [".github/workflows/drift.yml"]


def test_a_failure_while_writing_leaves_nothing_behind(desk: Desk) -> None:
    (desk.folder / "acme").mkdir()
    (desk.folder / "acme/tenants").symlink_to(desk.home)
    assert "a symbolic link leads out of it" in desk.said("init", "acme", code=64)
    assert desk.files() == {}
    assert not (desk.folder / "acme/.git").exists() and not list(desk.home.rglob("*.txt"))


def test_what_git_cannot_read_is_left_as_it_is(desk: Desk) -> None:
    (desk.folder / "acme/.git").mkdir(parents=True)
    (desk.folder / "acme/.git/config").write_text("what is left of it\n", encoding="utf-8")
    assert "is no git repository" in desk.said("init", "acme", code=1)
    assert (desk.folder / "acme/.git/config").read_text(encoding="utf-8") == "what is left of it\n"
    assert desk.files() == {}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["init", "acme"], "is a repository already"),
        (["init", "acme/actions"], "is in the repository"),
        (["init", "a b"], "cannot be the name of a repository"),
        (["init", "other", "--name", "no way"], "cannot be the name of a repository"),
    ],
)
def test_init_says_why_it_begins_nothing(desk: Desk, args: list[str], words: str) -> None:
    desk.said("init", "acme")
    before = desk.files()
    assert words in desk.said(*args, code=64)
    assert desk.files() == before


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["action", "x"], "written for one trigger"),
        (["action", "x", "--trigger", "post-logn"], "did you mean 'post-login'?"),
        (["action", "x", "--trigger", "mcp-tool"], "no trigger 'mcp-tool'"),
        (["action", "x", "--template", "notify-slak"], "did you mean 'notify-slack'?"),
        (["action", "x", "--template", "notify-slack", "--trigger", "event-stream"], "is for post-login"),
        (["action", "a/b", "--trigger", "post-login"], "cannot be the name of a folder"),
        (["action", "..", "--trigger", "post-login"], "cannot be the name of a folder"),
        (["action", "Greet", "--trigger", "post-login"], "actions/greet is there already"),
        (["flow", "post-login"], "flows/post-login.yaml is there already"),
        (["flow", "event-stream"], "has no flow"),
        (["flow", "post-logout"], "There is no trigger"),
        (["module", "a:b"], "cannot be the name of a folder"),
    ],
)
def test_new_says_why_it_begins_nothing(begun: Desk, args: list[str], words: str) -> None:
    begun.said("new", "action", "greet", "--trigger", "post-login")
    before = begun.files()
    assert words in begun.said("new", *args, code=64)
    assert begun.files() == before


def test_a_new_action_is_the_last_of_its_flow_and_comments_stay(begun: Desk) -> None:
    begun.said("new", "action", "one", "--trigger", "post-login")
    flow = Path("flows/post-login.yaml")
    flow.write_text("trigger: post-login\nbindings:\n  # the first\n  - one  # of all\n# the end\n", encoding="utf-8")
    assert "changed flows/post-login.yaml" in begun.said("new", "action", "two", "--trigger", "post-login")
    text = flow.read_text(encoding="utf-8")
    assert text == "trigger: post-login\nbindings:\n  # the first\n  - one  # of all\n  - two\n# the end\n"


@pytest.mark.parametrize("entry", ["one", "{action: one, display_name: The first}"])
def test_a_new_action_that_its_flow_names_already_keeps_its_place(begun: Desk, entry: str) -> None:
    begun.said("new", "action", "two", "--trigger", "post-login")
    flow = Path("flows/post-login.yaml")
    text = f"trigger: post-login\nbindings:\n  - {entry}\n  - two\n"
    flow.write_text(text, encoding="utf-8")
    assert "changed flows" not in begun.said("new", "action", "one", "--trigger", "post-login")
    assert flow.read_text(encoding="utf-8") == text


def test_a_new_action_can_be_left_out_of_the_flow(begun: Desk) -> None:
    said = begun.said("new", "action", "one", "--trigger", "post-login", "--no-bind")
    assert "runs nowhere" in said and not Path("flows").exists()
    begun.said("validate")


def test_a_flow_that_cannot_be_read_stops_a_new_action(begun: Desk) -> None:
    Path("flows").mkdir()
    Path("flows/post-login.yaml").write_text("trigger: post-login\nbindings: {\n", encoding="utf-8")
    before = begun.files()
    assert "flows/post-login.yaml:" in begun.said("new", "action", "one", "--trigger", "post-login", code=1)
    assert begun.files() == before


def test_what_is_wrong_elsewhere_stops_no_new_action(begun: Desk) -> None:
    begun.said("new", "action", "one", "--template", "notify-slack")
    Path("actions/one/code.js").unlink()
    begun.said("new", "action", "two", "--trigger", "post-login")
    assert "actions/two" not in begun.said("validate", code=1)


def test_an_action_more_than_a_tenant_takes_is_not_begun(begun: Desk) -> None:
    begun.said("new", "action", "mail", "--template", "custom-email-provider")
    before = begun.files()
    assert "takes 1 action" in begun.said("new", "action", "mail2", "--trigger", "custom-email-provider", code=1)
    assert begun.files() == before


def test_values_that_are_missing_are_named_for_each_tenant(begun: Desk) -> None:
    for tenant in ("prod", "bare"):
        text = Path("tenants/local.yaml").read_text(encoding="utf-8").replace("local.sops", f"{tenant}.sops")
        lines = [line for line in text.splitlines() if tenant == "prod" or not line.startswith("secrets:")]
        Path(f"tenants/{tenant}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    begun.said("secrets", "init", "--tenant", "prod")
    begun.said("secrets", "set", "slack_webhook_url", typed="https://hooks.slack.com/services/T0/B0/xyz")
    said = begun.said("new", "action", "slack", "--template", "notify-slack")
    assert "reconciler secrets set slack_webhook_url --tenant prod\n" in said
    assert "reconciler secrets set slack_webhook_url\n" not in said
    assert "  - bare\n" in said


def test_a_tenant_with_bindings_of_its_own_is_named(begun: Desk) -> None:
    begun.said("new", "action", "one", "--trigger", "post-login")
    with Path("tenants/local.yaml").open("a", encoding="utf-8") as file:
        file.write("overrides: {flows: {post-login: {bindings: [one]}}}\n")
    assert "tenants/local.yaml says itself what runs" in begun.said("new", "action", "two", "--trigger", "post-login")


def test_a_new_flow_has_the_actions_of_its_trigger(begun: Desk) -> None:
    for name, trigger in (("b", "post-login"), ("a", "post-login"), ("c", "credentials-exchange")):
        begun.said("new", "action", name, "--trigger", trigger, "--no-bind")
    begun.said("new", "flow", "post-login")
    assert Path("flows/post-login.yaml").read_text(encoding="utf-8").endswith("bindings:\n  - a\n  - b\n")
    begun.said("new", "flow", "post-change-password")
    begun.said("validate")


def test_a_new_module_can_be_used_as_it_is_told(begun: Desk) -> None:
    said = begun.said("new", "module", "mail")
    assert "`modules: {mail: latest}`" in said
    begun.said("new", "action", "one", "--trigger", "post-login")
    with Path("actions/one/action.yaml").open("a", encoding="utf-8") as file:
        file.write("modules: {mail: latest}\n")
    code = Path("actions/one/code.js")
    uses = code.read_text(encoding="utf-8").replace(
        "  // What", '  require("actions:mail").domainOf(event.user);\n  // What'
    )
    code.write_text(uses, encoding="utf-8")
    begun.said("lock")
    begun.said("validate")
    begun.said("test")


def test_templates_are_listed_with_what_they_need(desk: Desk) -> None:
    table = desk.said("templates")
    listed = json.loads(desk.said("templates", "--format", "json"))
    assert {each["name"] for each in listed} == {offer.name for offer in OFFERS}
    assert all(each["name"] in table for each in listed)
    needs = {each["name"]: each for each in listed}
    assert needs["notify-slack"]["secrets"] == ["slack_webhook_url"]
    assert needs["deny-by-email-domain"]["settings"] == ["ALLOWED_DOMAINS"]
    assert "jose" in needs["exchange-partner-token"]["packages"]


def test_a_template_is_shown_as_it_is_written(desk: Desk) -> None:
    said = desk.said("templates", "show", "verified-email-only")
    shipped = next(offer for offer in OFFERS if offer.name == "verified-email-only")
    assert "exports.onExecutePostLogin = async (event, api) => {\n  if (!event.user.email_verified) {\n" in said
    assert "\x1b[" not in said and shipped.finish[0].split(";")[0] in said
    assert "did you mean 'verified-email-only'?" in desk.said("templates", "show", "verified-email", code=64)


def test_the_readme_tells_of_workflows_only_where_there_are_any(desk: Desk) -> None:
    desk.said("init", "with")
    desk.said("init", "without", "--no-workflows")
    files = desk.files()
    told, untold = files["with/README.md"].decode(), files["without/README.md"].decode()
    assert told.startswith("# with\n") and "age_key_file: ~/.config/sops/age/with.txt" in told
    assert ".github/workflows" in told and ".github" not in untold and "## Secrets" in untold


def test_a_file_that_holds_no_key_is_not_taken_for_one(desk: Desk) -> None:
    key = desk.home / ".config/sops/age/acme.txt"
    key.parent.mkdir(parents=True)
    key.write_text("not a key\n", encoding="utf-8")
    assert "holds no age key" in desk.said("init", "acme", code=1)
    assert key.read_text(encoding="utf-8") == "not a key\n" and desk.files() == {}


@pytest.mark.registry
def test_an_editor_that_knows_the_repository_knows_a_new_action(begun: Desk) -> None:
    begun.said("new", "action", "one", "--trigger", "post-login")
    assert not Path("actions/one/jsconfig.json").exists()
    begun.said("types")
    begun.said("new", "action", "two", "--template", "deny-by-email-domain")
    assert "ALLOWED_DOMAINS" in Path(".reconciler/types/actions/two/index.d.ts").read_text(encoding="utf-8")
    begun.said("types", "--check")


@pytest.mark.parametrize("name", ["123", "true", "null", "#1", "@x", "it's", "Größe", "- x"])
def test_names_are_taken_as_they_are(begun: Desk, name: str) -> None:
    said = begun.said("new", "action", "--trigger", "post-login", "--", name)
    assert "1 passed" in begun.said(*shlex.split(said.splitlines()[-1])[1:])
    begun.said("new", "action", "--template", "verified-email-only", "--", f"{name} 2")
    assert begun.said("validate") == "2 actions checked, no problems.\n"
    assert f"{name}  1 case" in begun.said("test")


def test_who_has_no_repository_is_told_how_to_begin_one(desk: Desk) -> None:
    assert "`reconciler init`" in desk.said("new", "action", "x", "--trigger", "post-login", code=1)
