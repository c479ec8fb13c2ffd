"""The tenant as the rest of the program sees it: nouns in, nouns out. Sources: wire.md, sections 1 to 3 and 6."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from reconciler.again import Sleep
from reconciler.auth0 import mapping
from reconciler.auth0.answers import noun, together
from reconciler.auth0.auth import Credentials, TokenAuth
from reconciler.auth0.client import TOKEN_PATH, Client, refuse_writes, refuse_writes_but_tests
from reconciler.auth0.deeds import LOGS, parse_entries, read_deeds
from reconciler.auth0.modules import Modules
from reconciler.catalogue.triggers import triggers
from reconciler.engine.rolled_back import made_by_git, rolled_back_from
from reconciler.errors import TenantError
from reconciler.model.action import Content
from reconciler.model.deed import Deeds
from reconciler.model.plan import Place
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Live, LiveAction, LiveFlow, Version

ACTIONS = "/api/v2/actions/actions"
TRIGGERS = "/api/v2/actions/triggers"
READ_TIMEOUT = 30.0


@dataclass(frozen=True)
class Endpoint:
    """Where a tenant is and how it lets us in.

    `url` has no path; `transport` None means the network, which `direct` uses without the proxies of the environment.
    """

    url: str
    audience: str
    credentials: Credentials
    transport: httpx.AsyncBaseTransport | None = None
    ca: str = ""
    direct: bool = False


@dataclass
class Traffic:
    """How many requests a tenant was sent, those for tokens and second tries included."""

    requests: int = 0

    async def count(self, _: httpx.Request) -> None:
        """Hears of every request as it is sent."""
        self.requests += 1


class Gateway:
    """A tenant that is read and written. Every method raises a TenantError when the tenant does not do as asked."""

    def __init__(self, client: Client, traffic: Traffic) -> None:
        self._client = client
        self.traffic = traffic
        self.modules = Modules(client)

    async def read_live(self, flows: Iterable[str]) -> Live:
        """The whole tenant: one request per page of 100 actions or modules and, side by side, one per trigger that
        `flows` or a deployed action names, one per published module, and one per action that was rolled back. A trigger
        whose bindings another resource keeps has no flow to read."""
        wanted = {trigger for trigger in flows if _bindable(trigger)}
        actions, modules, *read = await together(
            [self.read_actions(), self.modules.read(), *(self.read_flow(trigger) for trigger in sorted(wanted))]
        )
        more = {action.trigger.id for action in actions if action.version and _bindable(action.trigger.id)} - wanted
        read += await together([self.read_flow(trigger) for trigger in sorted(more)])
        actions = tuple(await together([self._with_history(action) for action in actions]))
        return Live(actions=actions, flows=tuple(sorted(read, key=lambda flow: flow.trigger)), modules=modules)

    async def read_actions(self) -> tuple[LiveAction, ...]:
        """Every action, oldest first, as the tenant lists them."""
        pages = self._client.read_pages(ACTIONS, "actions")
        return tuple([noun(mapping.parse_action, raw) async for raw in pages])

    async def read_action(self, action_id: str) -> LiveAction:
        """One action; raises NotFound."""
        return noun(mapping.parse_action, await self._client.read(f"{ACTIONS}/{action_id}"))

    async def read_action_named(self, name: str) -> LiveAction | None:
        """The action of that name, None where the tenant says that there is none."""
        pages = self._client.read_pages(ACTIONS, "actions", actionName=name)
        found = [noun(mapping.parse_action, raw) async for raw in pages]
        return next((action for action in found if action.name == name), None)

    async def read_flow(self, trigger: str) -> LiveFlow:
        """The bindings of one trigger in running order."""
        pages = self._client.read_pages(f"{TRIGGERS}/{trigger}/bindings", "bindings")
        return LiveFlow(trigger=trigger, bindings=tuple([noun(mapping.parse_binding, raw) async for raw in pages]))

    async def read_histories(self, actions: Sequence[LiveAction]) -> Mapping[str, tuple[Version, ...]]:
        """Every version that the tenant still has of each action, by the action's name, newest first; one request per
        action, side by side."""
        read = await together([self.read_versions(action) for action in actions])
        return {action.name: versions for action, versions in zip(actions, read, strict=True)}

    async def read_versions(self, action: LiveAction) -> tuple[Version, ...]:
        """Every version the tenant still has, newest first."""
        pages = self._client.read_pages(f"{ACTIONS}/{action.id}/versions", "versions")
        versions = [
            noun(lambda raw: mapping.parse_version(raw, action.trigger, live=bool(raw.get("deployed"))), raw)
            async for raw in pages
        ]
        return tuple(sorted(versions, key=lambda version: version.number, reverse=True))

    async def _with_history(self, action: LiveAction) -> LiveAction:
        """The action with the version that its line speaks of, and with what it was rolled back from; read only where
        another hand than git's deployed."""
        version = action.version
        if version is None or version.provenance is None or version.provenance.number == version.number:
            return action
        versions = await self.read_versions(action)
        found = {"made": made_by_git(version, versions), "later": rolled_back_from(version, versions)}
        return action.model_copy(update=found)

    async def create(
        self, name: str, content: Content, provenance: Provenance | None, secrets: Mapping[str, str]
    ) -> LiveAction:
        """A new action with a draft; `secrets` maps names to values."""
        body = {"name": name} | mapping.render_draft(content, provenance) | self.modules.pins(content.modules)
        body["secrets"] = [{"name": key, "value": value} for key, value in secrets.items()]
        return noun(mapping.parse_action, await self._client.write("POST", ACTIONS, body))

    async def update_draft(
        self,
        action_id: str,
        content: Content,
        provenance: Provenance | None,
        secrets: Mapping[str, str | None] | None = None,
    ) -> LiveAction:
        """The draft, rewritten. `secrets` None leaves them alone; otherwise it is the whole new set, and a name without
        a value keeps the value it has (wire.md, section 1)."""
        body = mapping.render_draft(content, provenance) | self.modules.pins(content.modules)
        if secrets is not None:
            body["secrets"] = [
                {"name": key} if value is None else {"name": key, "value": value} for key, value in secrets.items()
            ]
        return noun(mapping.parse_action, await self._client.write("PATCH", f"{ACTIONS}/{action_id}", body))

    async def deploy(self, action_id: str) -> int:
        """A version made of the draft; gives its number."""
        answer = await self._client.write("POST", f"{ACTIONS}/{action_id}/deploy")
        return noun(lambda raw: int(raw["number"]), answer)

    async def redeploy(self, action_id: str, version_id: str) -> int:
        """An earlier version deployed once more, draft and secrets included; gives the number of the new version."""
        path = f"{ACTIONS}/{action_id}/versions/{version_id}/deploy"
        answer = await self._client.write("POST", path, {"update_draft": True})
        return noun(lambda raw: int(raw["number"]), answer)

    async def bind(self, trigger: str, places: Sequence[Place]) -> None:
        """The whole flow, replaced; every place needs its action's id."""
        bindings = [
            {"ref": {"type": "action_id", "value": place.action_id}}
            | ({"display_name": place.display_name} if place.display_name else {})
            for place in places
        ]
        await self._client.write("PATCH", f"{TRIGGERS}/{trigger}/bindings", {"bindings": bindings})

    async def delete(self, action_id: str) -> None:
        """The action and all its versions, gone."""
        await self._client.write("DELETE", f"{ACTIONS}/{action_id}")

    async def run_draft(self, action_id: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """What running the draft with that event came to, as the tenant tells it: `error` {name, message, stack} where
        the code threw, `stats`, and what else it says (wire.md, section 2: no successful answer was recorded). The
        event travels as the recorded client sends it. Raises Rejected where the draft is not built."""
        answer = await self._client.write("POST", f"{ACTIONS}/{action_id}/test", {"payload": {"event": event}})
        return noun(lambda raw: dict(raw["payload"]), answer)

    async def read_logs(self, take: int) -> tuple[Mapping[str, Any], ...]:
        """The newest tenant log entries, newest first, as the tenant wrote them; 100 at the most."""
        return parse_entries(await self._client.read(LOGS, per_page=take, page=0))

    async def read_logs_after(self, log_id: str) -> tuple[Mapping[str, Any], ...]:
        """The entries after that one, oldest first, 100 at the most."""
        return parse_entries(await self._client.read(LOGS, **{"from": log_id, "take": 100}))

    async def read_deeds(self, *, since: str = "", until: str = "") -> Deeds:
        """Who changed what between two instants (RFC 3339, empty for no bound), newest first, as the log tells it."""
        return await read_deeds(self._client, since=since, until=until)

    async def read_execution(self, execution_id: str) -> Mapping[str, Any]:
        """What one firing of a trigger did; raises NotFound."""
        answer: Mapping[str, Any] = await self._client.read(f"/api/v2/actions/executions/{execution_id}")
        return answer


class GatewayContext(AbstractAsyncContextManager[Gateway]):
    """An open gateway, closed at the end. Unless it is opened for `writes`, anything that could write raises ReadOnly
    before it is sent; opened for `tests`, a draft may be run all the same."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        agent: str,
        clock: Callable[[], datetime],
        writes: bool = False,
        tests: bool = False,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        auth = TokenAuth(endpoint.credentials, url=endpoint.url + TOKEN_PATH, audience=endpoint.audience, clock=clock)
        traffic = Traffic()
        refused = () if writes else (refuse_writes_but_tests,) if tests else (refuse_writes,)
        try:
            self._http = httpx.AsyncClient(
                base_url=endpoint.url,
                auth=auth,
                transport=endpoint.transport,
                verify=_trust(endpoint.ca),
                timeout=READ_TIMEOUT,
                headers={"User-Agent": agent},
                event_hooks={"request": [*refused, traffic.count]},
                trust_env=not endpoint.direct,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as unusable:
            raise TenantError(
                f"The way to {endpoint.url} cannot be used: {unusable}.",
                "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY; SOCKS needs the package socksio.",
            ) from unusable
        self._gateway = Gateway(Client(self._http, clock=clock, sleep=sleep), traffic)

    async def __aenter__(self) -> Gateway:
        return self._gateway

    async def __aexit__(self, *exc_info: object) -> None:
        await self._http.aclose()


def _trust(ca: str) -> ssl.SSLContext | bool:
    if not ca:
        return True
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=ca)
    except OSError as broken:  # ssl.SSLError is one
        raise TenantError(f"{ca} cannot be used as a certificate authority.", "Name a PEM file.") from broken
    return context


def _bindable(trigger: str) -> bool:
    facts = triggers().get(trigger)
    return facts is not None and facts.bindable
