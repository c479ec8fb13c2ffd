"""Every method that `auth0-python` has for actions, triggers, modules and logs, over https against a served tenant."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from auth0.management import ActionTrigger, ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.core.parse_error import ParsingError
from auth0.management.errors import ForbiddenError, UnauthorizedError

from reconciler.local.node.runtime import NodeHost
from reconciler.local.tenant import open_tenant
from reconciler.npm import node_executable
from tests.clients.sdk import FORMS, ROOTS, Sdk, client_of, methods, sdk_of
from tests.clients.served import ServedTenant, served_tenant
from tests.local.tenant.opened import no_packages

CODE = "exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('n', event.secrets.N); };"
POST_LOGIN: Any = [{"id": "post-login", "version": "v3"}]
EXCHANGE = "credentials-exchange"
EVENT = {"user": {"user_id": "auth0|1", "email": "ada@example.com"}}
UNKNOWN = "0c5b7f3e-9f52-4d0a-8a3b-4f6d3f0f9a11"
ONCE: Any = {"max_retries": 0}

SURPLUS = {
    "current_version": "recorded on every deployed action, in no document (wire.md, section 1)",
    "_id": "recorded on every log entry, equal to log_id (wire.md, section 6)",
    "organization_id": "recorded on every log entry",
    "organization_name": "recorded on every log entry",
    "response": "a result of an execution has it in the platform's own fixture (logs.md, section 4)",
}
"""Fields that answers have and the SDK's models do not, and why."""


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedTenant]:
    with served_tenant(tmp_path_factory.mktemp("tenant")) as served:
        yield served


@pytest.fixture
def client(tenant: ServedTenant) -> Iterator[ManagementClient]:
    with httpx.Client(verify=tenant.trust) as own:
        yield client_of(tenant, own)


@pytest.mark.parametrize("form", FORMS)
def test_every_method_of_the_sdk_is_answered_as_its_models_expect(tmp_path: Path, form: str) -> None:
    with served_tenant(tmp_path) as tenant, sdk_of(tenant, form) as sdk:
        _use_actions(sdk)
        _use_versions(sdk)
        _use_triggers(sdk)
        _use_executions(sdk, tenant)
        _use_modules(sdk)
        _use_logs(sdk)
        parts = {root: getattr(sdk._part, root) for root in ROOTS}
    assert sdk.called == {name for root, part in parts.items() for name in methods(part, root)}
    assert sdk.surplus <= set(SURPLUS)


def _use_actions(sdk: Sdk) -> None:
    secret: Any = [{"name": "N", "value": "seven"}]
    made = sdk.actions.create(name="greet", supported_triggers=POST_LOGIN, code=CODE, runtime="node22", secrets=secret)
    assert (made.name, made.status, made.all_changes_deployed) == ("greet", "pending", False)
    assert [(each.name, each.updated_at) for each in made.secrets] == [("N", made.updated_at)]
    assert isinstance(made.created_at, datetime)
    shown = sdk.actions.get(made.id)
    assert (shown.status, shown.deployed_version) == ("built", None)
    tested = sdk.actions.test(made.id, payload={"event": EVENT})
    assert "error" not in tested.payload
    deployed = sdk.actions.deploy(made.id)
    assert (deployed.number, deployed.deployed, deployed.action.name) == (1, False, "greet")
    assert _live(sdk.actions, made.id, 1).all_changes_deployed is True
    changed = sdk.actions.update(made.id, code="// two\n" + CODE)
    assert (changed.id, changed.all_changes_deployed) == (made.id, False)
    other = sdk.actions.create(name="other", supported_triggers=POST_LOGIN, code=CODE, deploy=True)
    _live(sdk.actions, other.id, 1)
    assert [each.name for each in sdk.actions.list()] == ["greet", "other"]
    assert [each.name for each in sdk.actions.list(trigger_id="post-login", per_page=1)] == ["greet", "other"]
    assert [each.name for each in sdk.actions.list(action_name="other", deployed=True)] == ["other"]
    assert sdk.actions.list(deployed=False) == sdk.actions.list(installed=True) == []
    assert sdk.actions.delete(other.id, force=True) is None


def _live(actions: Any, action_id: str, number: int) -> Any:
    """The action, once that version is the deployed one: a moment after the deploy."""
    for _ in range(100):
        shown = actions.get(action_id)
        if shown.deployed_version and shown.deployed_version.number == number:
            return shown
        time.sleep(0.05)
    raise AssertionError(f"version {number} never went live")


def _use_versions(sdk: Sdk) -> None:
    (action,) = sdk.actions.list()
    second = sdk.actions.deploy(action.id)
    assert second.number == 2
    _live(sdk.actions, action.id, 2)
    listed = sdk.actions.versions.list(action.id, per_page=1)
    assert [each.number for each in listed] == [2, 1]
    assert sdk.actions.versions.get(action.id, second.id).code == "// two\n" + CODE
    third = sdk.actions.versions.deploy(action.id, listed[-1].id, request={"update_draft": True})
    assert (third.number, third.code) == (3, CODE)
    shown = _live(sdk.actions, action.id, 3)
    assert (shown.code, shown.all_changes_deployed) == (CODE, True)
    assert sdk.actions.versions.deploy(action.id, second.id).number == 4
    _live(sdk.actions, action.id, 4)


def _use_triggers(sdk: Sdk) -> None:
    (action,) = sdk.actions.list()
    offered = sdk.actions.triggers.list().triggers
    assert {"post-login", "credentials-exchange", "custom-token-exchange"} <= {each.id for each in offered}
    references: Any = [
        {"ref": {"type": "action_id", "value": action.id}, "display_name": "Greet"},
        {"ref": {"type": "action_name", "value": "greet"}},
    ]
    bound = sdk.actions.triggers.bindings.update_many("post-login", bindings=references).bindings
    assert [(each.display_name, each.action.name) for each in bound] == [("Greet", "greet"), (None, "greet")]
    assert sdk.actions.triggers.bindings.list("post-login", per_page=1) == bound


def _use_executions(sdk: Sdk, tenant: ServedTenant) -> None:
    run = asyncio.run(_login(tenant))
    shown = sdk.actions.executions.get(run)
    assert (shown.trigger_id, shown.status) == ("post-login", "final")
    assert [each.action_name for each in shown.results] == ["greet", "greet"]


async def _login(tenant: ServedTenant) -> str:
    """Lets somebody log in, in this process, beside the server; the id of the execution."""
    async with (
        NodeHost(node_executable()) as host,
        open_tenant(tenant.folder, runner=host, install=no_packages, clock=lambda: datetime.now(UTC)) as beside,
    ):
        return (await beside.fire("post-login", EVENT)).execution_id


def _use_modules(sdk: Sdk) -> None:
    modules = sdk.actions.modules
    made = modules.create(name="greeting", code="exports.word = 'hello';", secrets=[{"name": "M", "value": "eight"}])
    assert (made.all_changes_published, made.actions_using_module_total, made.latest_version) == (False, 0, None)
    first = modules.versions.create(made.id)
    assert (first.module_id, first.version_number) == (made.id, 1)
    modules.update(made.id, code="exports.word = 'hi';", dependencies=[])
    second = modules.versions.create(made.id)
    assert [each.version_number for each in modules.versions.list(made.id, per_page=1)] == [2, 1]
    assert modules.versions.get(made.id, second.id).code == "exports.word = 'hi';"
    assert modules.get(made.id).latest_version.id == second.id
    assert modules.rollback(made.id, module_version_id=first.id).code == "exports.word = 'hello';"
    assert [(each.name, each.latest_version_number) for each in modules.list(per_page=1)] == [("greeting", 2)]
    (action,) = sdk.actions.list()
    sdk.actions.update(action.id, modules=[{"module_id": made.id, "module_version_id": second.id}])
    _live(sdk.actions, action.id, sdk.actions.deploy(action.id).number)
    (use,) = modules.list_actions(made.id)
    assert (use.action_name, use.module_version_number) == ("greet", 2)
    (shown,) = sdk.actions.get(action.id).modules
    assert (shown.module_name, shown.module_version_number) == ("greeting", 2)
    unused = modules.create(name="unused", code="exports.x = 1;", publish=True)
    assert modules.delete(unused.id) is None


def _use_logs(sdk: Sdk) -> None:
    entries = sdk.logs.list(per_page=7)
    assert [each.log_id for each in entries] == sorted((each.log_id for each in entries), reverse=True)
    assert next(each.description for each in sdk.logs.list(page=0, sort="date:1")) == "Create an action"
    assert {each.type for each in sdk.logs.list(search="type:sapi")} == {"sapi"}
    only = sdk.logs.list(fields="date,type", include_fields=True, include_totals=True)
    assert {each.description for each in only} == {None}
    assert sdk.logs.get(entries[0].log_id).description == entries[0].description


def test_the_sdk_gets_its_own_token_with_the_secret_of_its_client(tenant: ServedTenant, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", tenant.ca)  # its token request takes no client of ours
    with httpx.Client() as own:
        client = ManagementClient(
            domain=tenant.domain, client_id=tenant.client_id, client_secret=tenant.client_secret, httpx_client=own
        )
        assert client.actions.triggers.list().triggers


def test_pagers_give_every_page_and_end(client: ManagementClient) -> None:
    names = [f"paged-{number}" for number in range(5)]
    for name in names:
        client.actions.create(name=name, supported_triggers=[ActionTrigger(id=EXCHANGE)], code=CODE)
    pager = client.actions.list(trigger_id=EXCHANGE, per_page=2)
    assert [[each.name for each in page.items or []] for page in pager.iter_pages()] == [
        names[:2],
        names[2:4],
        names[4:],
    ]
    second = pager.next_page()
    assert second is not None
    assert (second.response.page, second.response.per_page, second.response.total) == (1, 2, 5)
    beyond = client.actions.list(trigger_id=EXCHANGE, page=9, per_page=2)
    assert (list(beyond), beyond.has_next, beyond.response.total) == ([], False, None)


def test_logs_are_read_by_page_with_totals_and_by_checkpoint(client: ManagementClient) -> None:
    for name in ("logged-1", "logged-2", "logged-3"):
        client.actions.create(name=name, supported_triggers=POST_LOGIN, code=CODE)
    first = client.logs.list(per_page=2)
    assert (first.response.start, first.response.limit, first.response.length) == (0, 2, 2)
    newest_first = [str(entry.log_id) for entry in first]
    assert len(newest_first) == first.response.total
    # 6.8 has no arguments for checkpoints any more and no model for the bare list that answers them
    query: Any = {"additional_query_parameters": {"from": newest_first[2], "take": 50}}
    with pytest.raises(ParsingError) as unread:
        client.logs.list(page=None, per_page=None, include_totals=None, request_options=query)
    assert [entry["log_id"] for entry in unread.value.body] == [newest_first[1], newest_first[0]]


REFUSED: dict[str, tuple[Callable[[ManagementClient], Any], int, dict[str, Any]]] = {
    "an unknown action": (
        lambda client: client.actions.get(UNKNOWN),
        404,
        {"error": "Not Found", "message": "That action does not exist."},
    ),
    "an unknown execution": (
        lambda client: client.actions.executions.get("bm8gc3VjaA"),
        404,
        {"error": "Not Found", "message": "That execution does not exist."},
    ),
    "a parameter that no list of actions has": (
        lambda client: list(
            client.actions.list(request_options={"additional_query_parameters": {"include_totals": True}})
        ),
        400,
        {
            "error": "Bad Request",
            "message": "Query validation error: 'Additional properties not allowed: include_totals'.",
            "errorCode": "invalid_query_string",
        },
    ),
    "a bound action": (
        lambda client: client.actions.delete(_bound(client), request_options=ONCE),
        409,
        {"error": "Conflict", "message": "Unable to delete an action bound to a trigger."},
    ),
    "an action that was never deployed": (
        lambda client: client.actions.triggers.bindings.update_many("post-login", bindings=[_draft(client)]),
        400,
        {
            "error": "Bad Request",
            "message": "Trying to create a binding for an action that has not been deployed yet",
        },
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_an_error_of_the_sdk_with_the_body_of_the_platform(client: ManagementClient, what: str) -> None:
    call, status, body = REFUSED[what]
    with pytest.raises(ApiError) as refused:
        call(client)
    assert (refused.value.status_code, refused.value.body) == (status, {"statusCode": status, **body})


def test_a_missing_scope_and_a_bad_token_are_errors_of_their_own(tenant: ServedTenant) -> None:
    with httpx.Client(verify=tenant.trust) as own:
        reader = client_of(tenant, own, tenant.token("read:actions"))
        with pytest.raises(ForbiddenError) as forbidden:
            reader.actions.create(name="x", supported_triggers=POST_LOGIN)
        assert forbidden.value.body["message"] == "Insufficient scope, expected any of: create:actions"
        with pytest.raises(UnauthorizedError) as unauthorized:
            client_of(tenant, own, "no.real.token").actions.get(UNKNOWN)
        assert unauthorized.value.body["attributes"] == {"error": "Invalid token"}


def test_the_sdk_waits_out_the_limits_of_a_free_tenant(tmp_path: Path) -> None:
    statuses: list[int] = []
    with served_tenant(tmp_path, "--rate", "free") as tenant:
        hooks: Any = {"response": [lambda response: statuses.append(response.status_code)]}
        with httpx.Client(verify=tenant.trust, event_hooks=hooks) as own:
            client = client_of(tenant, own)
            for _ in range(4):
                client.actions.triggers.list()
    assert statuses.count(200) == 4
    assert 429 in statuses


def _bound(client: ManagementClient) -> str:
    made = client.actions.create(name="bound", supported_triggers=POST_LOGIN, code=CODE)
    assert made.id
    client.actions.deploy(made.id)
    _live(client.actions, made.id, 1)
    reference: Any = {"ref": {"type": "action_id", "value": made.id}}
    client.actions.triggers.bindings.update_many("post-login", bindings=[reference])
    return made.id


def _draft(client: ManagementClient) -> Any:
    made = client.actions.create(name="draft", supported_triggers=POST_LOGIN, code=CODE)
    return {"ref": {"type": "action_id", "value": made.id}}
