from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalogue import limits
from reconciler.desired.checks.everything import problems
from reconciler.desired.load import load_repository
from reconciler.desired.repository import Repository
from reconciler.desired.secrets import SecretValue
from reconciler.desired.sops import Sops
from reconciler.desired.state import Loaded, age_key_file, all_of, desired_of
from reconciler.desired.tenant_view import tenant_view
from reconciler.desired.tree import Tree, Worktree
from reconciler.engine import normalize
from reconciler.errors import InvalidInput, SecretsError, Span
from reconciler.model.action import Dependency, Secret
from reconciler.model.flow import Binding
from tests.desired.conftest import GOOD, HERE, KEY_FILE, Builder

Open = Callable[[Path], Repository]
URL = "https://hooks.example.com/services/T1/B1/quite-secret"


def load_desired(tree: Tree, tenant: str, *, sops: Sops | None) -> Loaded:
    return desired_of(load_repository(tree), tenant, sops=sops)


def test_the_desired_state_of_a_tenant(good: Builder, opened: Open, sops: Sops) -> None:
    tree = opened(good.folder).tree("HEAD")
    loaded = load_desired(tree, "prod", sops=sops)
    desired = loaded.desired
    assert (desired.repo, desired.tenant, desired.commit) == ("acme-identity", "prod", tree.commit)
    assert [action.name for action in desired.actions] == ["check-client", "enrich-token", "notify-slack"]
    assert [flow.trigger for flow in desired.flows] == ["credentials-exchange", "post-login"]
    slack = desired.action("notify-slack")
    assert slack
    assert (slack.path, slack.content.runtime, slack.content.trigger.version) == (
        "actions/notify-slack",
        "node22",
        "v3",
    )
    assert slack.content.dependencies == (Dependency(name="@slack/webhook", version="7.0.6"),)
    assert [(secret.name, secret.kind, len(secret.fingerprint)) for secret in slack.secrets] == [
        ("LEGACY_TOKEN", "keep", 0),
        ("LOG_LEVEL", "plain", 16),
        ("SLACK_WEBHOOK_URL", "encrypted", 16),
    ]
    assert loaded.vault.value("notify-slack", "SLACK_WEBHOOK_URL").reveal() == URL
    assert URL not in desired.model_dump_json() + repr(loaded)


def test_cases_and_sources_know_their_places(good: Builder, sops: Sops) -> None:
    loaded = load_desired(Worktree(good.folder), "prod", sops=sops)
    assert [(case.case.name, case.file, case.line) for case in loaded.cases["notify-slack"]] == [
        ("tells Slack who logged in", "actions/notify-slack/cases.yaml", 1),
        ("throws where Slack is down", "actions/notify-slack/cases.yaml", 8),
    ]
    assert loaded.desired.commit == ""


def test_an_override_leaves_an_action_out_with_its_bindings(good: Builder, sops: Sops) -> None:
    loaded = load_desired(Worktree(good.folder), "local", sops=sops)
    assert [action.name for action in loaded.desired.actions] == ["enrich-token", "notify-slack"]
    flows = {flow.trigger: flow.bindings for flow in loaded.desired.flows}
    assert flows["credentials-exchange"] == ()
    assert flows["post-login"][1] == Binding(action="notify-slack", display_name="Tell Slack")


def test_an_override_gives_a_secret_another_value(good: Builder, sops: Sops) -> None:
    loaded = load_desired(Worktree(good.folder), "local", sops=sops)
    assert loaded.vault.value("notify-slack", "SLACK_WEBHOOK_URL").reveal() == "http://127.0.0.1:9/hook"


SHARED = "type: local\nsecrets: secrets/prod.sops.yaml\nage_key_file: ../test-only.age\n"


def fingerprints(good: Builder, sops: Sops, tenant: str) -> dict[tuple[str, str], str]:
    actions = load_desired(Worktree(good.folder), tenant, sops=sops).desired.actions
    return {(action.name, secret.name): secret.fingerprint for action in actions for secret in action.secrets}


def test_two_tenants_with_one_secrets_file_have_fingerprints_of_their_own(good: Builder, sops: Sops) -> None:
    good.put("tenants/other.yaml", SHARED).put("tenants/twin.yaml", SHARED)
    one, two = fingerprints(good, sops, "other"), fingerprints(good, sops, "twin")
    assert one.keys() == two.keys()
    assert set(one.values()) - {""}
    assert not set(one.values()) & set(two.values()) - {""}


def test_a_tenant_that_two_files_name_has_one_set_of_fingerprints(good: Builder, sops: Sops) -> None:
    good.put("tenants/other.yaml", SHARED)
    good.put("tenants/served.yaml", SHARED + "server: .reconciler/tenants/other/tenant.json\n")
    assert fingerprints(good, sops, "other") == fingerprints(good, sops, "served")


def test_without_sops_nothing_is_decrypted(good: Builder) -> None:
    loaded = load_desired(Worktree(good.folder), "prod", sops=None)
    action = loaded.desired.action("notify-slack")
    assert action
    encrypted = tenant_view(loaded.documents, "prod").sops_file
    assert encrypted
    source = encrypted.sources["slack_webhook_url"]
    assert len(source) == 64
    assert action.secrets[2] == Secret(name="SLACK_WEBHOOK_URL", kind="encrypted", source=source)
    with pytest.raises(KeyError):
        loaded.vault.value("notify-slack", "SLACK_WEBHOOK_URL")


def test_without_a_key_the_way_out_is_told(good: Builder, keyless: Sops) -> None:
    with pytest.raises(SecretsError, match="There is no key"):
        load_desired(Worktree(good.folder), "prod", sops=keyless)


def test_a_tenant_that_writes_no_secret_needs_no_key(good: Builder, keyless: Sops) -> None:
    overrides = "{actions: {notify-slack: {enabled: false}}}"
    good.put("tenants/bare.yaml", f"type: local\nsecrets: secrets/prod.sops.yaml\noverrides: {overrides}\n")
    assert len(load_desired(Worktree(good.folder), "bare", sops=keyless).desired.actions) == 2


def test_plain_values_need_no_sops_file(good: Builder, keyless: Sops) -> None:
    override = "{actions: {notify-slack: {secrets: {SLACK_WEBHOOK_URL: {value: x}}}}}"
    good.put("tenants/bare.yaml", f"type: local\noverrides: {override}\n")
    first = load_desired(Worktree(good.folder), "bare", sops=keyless).desired
    action = first.action("notify-slack")
    assert action
    assert len(action.secrets[2].fingerprint) == 16
    assert first == load_desired(Worktree(good.folder), "bare", sops=keyless).desired


def test_the_key_file_of_the_tenant_is_relative_to_the_repository(good: Builder, keyless: Sops) -> None:
    (good.folder.parent / "test-only.age").write_text(KEY_FILE.read_text())
    loaded = load_desired(Worktree(good.folder), "local", sops=keyless)
    assert loaded.vault.value("notify-slack", "SLACK_WEBHOOK_URL").reveal()


def test_a_key_file_may_be_below_home(good: Builder) -> None:
    loaded = load_desired(Worktree(good.folder), "local", sops=None)
    tenant = loaded.tenant.model_copy(update={"age_key_file": "~/keys.txt"})
    assert age_key_file(tenant, good.folder, {"HOME": "/home/ada"}) == Path("/home/ada/keys.txt")


def test_an_unknown_tenant_is_told_with_those_there_are(good: Builder) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_desired(Worktree(good.folder), "prd", sops=None)
    said = "tenants/prd.yaml: there is no tenant 'prd'; did you mean 'prod'?"
    way_out = "Tenants: local, prod. Choose one with --tenant."
    assert [str(problem) for problem in caught.value.diagnostics] == [f"{said} {way_out}"]


def test_a_broken_tenant_is_told_once(good: Builder) -> None:
    good.put("tenants/prod.yaml", "type: auth0\n")
    with pytest.raises(InvalidInput) as caught:
        load_desired(Worktree(good.folder), "prod", sops=None)
    assert [str(problem.span) for problem in caught.value.diagnostics] == ["tenants/prod.yaml:1:1"]


def test_every_tenant_is_loaded_with_and_without_keys(good: Builder, sops: Sops, keyless: Sops) -> None:
    assert set(all_of(load_repository(Worktree(good.folder)), sops=None)) == {"local", "prod"}
    assert set(all_of(load_repository(Worktree(good.folder)), sops=sops)) == {"local", "prod"}
    with pytest.raises(InvalidInput) as caught:
        all_of(load_repository(Worktree(good.folder)), sops=keyless)
    places = [str(problem.span) for problem in caught.value.diagnostics]
    assert places == ["tenants/local.yaml:2:10", "tenants/prod.yaml:3:10"]


def test_line_ends_and_the_order_of_dependencies_change_nothing(good: Builder, opened: Open, sops: Sops) -> None:
    before = load_desired(Worktree(good.folder), "prod", sops=sops).desired
    code = (good.folder / "actions/enrich-token/code.js").read_text()
    good.put("actions/enrich-token/code.js", code.replace("\n", "\r\n") + "\r\n\r\n")
    assert load_desired(Worktree(good.folder), "prod", sops=sops).desired == before


def test_node18_is_the_platforms_node18_actions(good: Builder) -> None:
    good.put("actions/check-client/action.yaml", "name: check-client\ntrigger: credentials-exchange\nruntime: node18\n")
    action = load_desired(Worktree(good.folder), "prod", sops=None).desired.action("check-client")
    assert action
    assert action.content.runtime == "node18-actions"


def test_code_may_be_as_long_as_the_platform_takes_with_its_provenance_line(good: Builder) -> None:
    code = "exports.onExecutePostLogin = async () => {};\n//"
    good.put("actions/enrich-token/code.js", code + "x" * (limits.CODE_BYTES - 400))
    assert problems(load_repository(Worktree(good.folder))) == ()
    good.put("actions/enrich-token/code.js", code + "x" * (limits.CODE_BYTES - 200))
    (problem,) = problems(load_repository(Worktree(good.folder)))
    assert "with its provenance line, the platform takes 100000" in problem.message


def test_a_decrypted_value_that_is_too_long_is_told(good: Builder, sops: Sops) -> None:
    ciphertext = (good.folder / "secrets/prod.sops.yaml").read_bytes()
    value = SecretValue("x" * (limits.SECRET_VALUE_CHARACTERS + 1))
    longer = sops.with_value(ciphertext, "slack_webhook_url", value, "secrets/prod.sops.yaml")
    good.put("secrets/prod.sops.yaml", longer)
    with pytest.raises(InvalidInput) as caught:
        load_desired(Worktree(good.folder), "prod", sops=sops)
    assert caught.value.diagnostics[0].span == Span("actions/notify-slack/action.yaml", 7, 22)


def test_more_actions_than_a_tenant_takes(good: Builder) -> None:
    for number in range(98):
        good.put(f"actions/a{number}/action.yaml", f"name: a{number}\ntrigger: post-login\n")
        good.put(f"actions/a{number}/code.js", "exports.onExecutePostLogin = async () => {};\n")
    (problem,) = problems(load_repository(Worktree(good.folder)))
    assert str(problem).startswith("tenants/prod.yaml: 101 actions would be deployed, a tenant takes 100.")


@given(st.randoms(use_true_random=False))
def test_problems_do_not_depend_on_the_order_of_files(chance: random.Random) -> None:
    class Shuffled(Worktree):
        @property
        def paths(self) -> tuple[str, ...]:
            paths = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()]
            chance.shuffle(paths)
            return tuple(paths)

    folder = HERE / "bad/060-several-problems-at-once"
    found = problems(load_repository(Shuffled(folder)))
    assert found == problems(load_repository(Worktree(folder)))
    assert list(found) == sorted(found)


def test_a_hundred_actions_load_from_a_commit_in_well_under_a_second(good: Builder, opened: Open) -> None:
    action = (GOOD / "actions/enrich-token/action.yaml").read_text()
    code = (GOOD / "actions/enrich-token/code.js").read_text() * 20
    cases = (GOOD / "actions/notify-slack/cases.yaml").read_text().replace("SLACK_WEBHOOK_URL", "A")
    for number in range(97):
        text = action.replace("enrich-token", f"a{number}") + "secrets: {A: {value: a}, B: {keep: true}}\n"
        good.put(f"actions/a{number}/action.yaml", text).put(f"actions/a{number}/code.js", code)
        good.put(f"actions/a{number}/cases.yaml", cases)
    good.commit()
    repository = opened(good.folder)
    began = time.perf_counter()
    loaded = load_desired(repository.tree("HEAD"), "prod", sops=None)
    took = time.perf_counter() - began
    assert len(loaded.desired.actions) == 100
    assert took < 1, f"{took:.2f} s"
    print(f"{took:.3f} s")
    assert normalize.digest(loaded.desired.actions[0].content)


PIECES = [b"[", b"{", b"}", b":", b"- ", b"\n", b" ", b'"', b"&a ", b"*a", b"!x ", b"? ", b"null", b"\xff", b"<<: "]


class Changed(Worktree):
    """good/ with one piece put into one of its files."""

    def __init__(self, path: str, at: int, piece: bytes) -> None:
        super().__init__(GOOD)
        self.path, self.at, self.piece = path, at, piece

    def load(self, path: str) -> bytes:
        content = super().load(path)
        at = self.at % (len(content) + 1)
        return content[:at] + self.piece + content[at:] if path == self.path else content


@given(st.sampled_from(Worktree(GOOD).paths), st.integers(0, 3000), st.sampled_from(PIECES))
def test_whatever_a_file_says_ends_in_a_state_or_in_problems_with_places(path: str, at: int, piece: bytes) -> None:
    documents = load_repository(Changed(path, at, piece))
    found = problems(documents, ["prod"])
    assert all(problem.span.file for problem in found)
    try:
        assert desired_of(documents, "prod", sops=None).desired.repo
    except InvalidInput as problem:
        assert set(found) <= set(problem.diagnostics)


def test_a_tenant_has_its_own_runtime_order_and_display_names(good: Builder, sops: Sops) -> None:
    good.put(
        "tenants/local.yaml",
        "type: local\nsecrets: secrets/prod.sops.yaml\nage_key_file: ../test-only.age\noverrides:\n"
        "  actions: {enrich-token: {runtime: node18-actions}}\n"
        "  flows: {post-login: {bindings: [{action: notify-slack, display_name: Local}, enrich-token]}}\n",
    )
    here = load_desired(Worktree(good.folder), "local", sops=sops).desired
    there = load_desired(Worktree(good.folder), "prod", sops=sops).desired
    runtimes = [each.content.runtime for one in (here, there) if (each := one.action("enrich-token"))]
    assert runtimes == ["node18-actions", "node22"]
    (flow,) = (flow for flow in here.flows if flow.trigger == "post-login")
    assert flow.bindings == (Binding(action="notify-slack", display_name="Local"), Binding(action="enrich-token"))
    assert flow.unmanaged == "keep"
    assert [flow.bindings[0].action for flow in there.flows if flow.trigger == "post-login"] == ["enrich-token"]


def test_a_tenant_may_treat_unmanaged_bindings_differently(good: Builder, sops: Sops) -> None:
    overrides = "{flows: {post-login: {unmanaged: remove}}}"
    good.put("tenants/local.yaml", f"type: local\nsecrets: secrets/prod.sops.yaml\noverrides: {overrides}\n")
    loaded = load_desired(Worktree(good.folder), "local", sops=sops).desired
    (flow,) = (flow for flow in loaded.flows if flow.trigger == "post-login")
    assert (flow.unmanaged, [place.action for place in flow.bindings]) == ("remove", ["enrich-token", "notify-slack"])
