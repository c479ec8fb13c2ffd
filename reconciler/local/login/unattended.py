"""A login without a browser: the flow runs, and nobody can be sent anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk
from reconciler.local.login.events import BY_PASSWORD
from reconciler.local.login.grants import new_grant
from reconciler.local.login.issuing import Ticket, first_refresh, issued, with_refresh
from reconciler.local.login.sessions import find_session_of
from reconciler.local.login.token_errors import error, flow_error
from reconciler.local.login.users import User, count_login, find_user, write_metadata
from reconciler.local.stamp import log_date
from reconciler.local.wire.call import Answer
from reconciler.model.execution import FlowRun


async def logged_in(
    desk: Desk,
    caller: Caller,
    client: Client,
    user: User,
    fields: Mapping[str, str],
    transaction: Mapping[str, Any],
) -> Answer:
    """The tokens of a user who is known without a browser, or the refusal of the flow."""
    now, scope = desk.now(), fields.get("scope", "")
    user = await desk.write(lambda connection: count_login(connection, user, now))
    event = desk.events.login(
        caller=caller,
        client=client,
        user=user,
        query={},
        body=fields,
        transaction=transaction,
    )
    if transaction["protocol"] == BY_PASSWORD:
        event["authentication"] = {"methods": [{"name": "pwd", "timestamp": log_date(now)}]}
    run = await desk.firing.fire("post-login", event, reveal=True)
    user = await after_flow(desk, run, user)
    if run.status != "completed":
        return flow_error(run)
    if run.effects.multifactor.get("provider", "none") != "none":
        return error("mfa_required", "Multifactor authentication required")
    grant_id = desk.means.entropy(12).hex()
    ticket = flow_ticket(caller, client, user, run, grant_id=grant_id, scope=scope, audience=fields.get("audience", ""))
    await desk.write(lambda connection: new_grant(connection, grant_id, client.client_id, user.user_id, "", now))
    token = await refresh_of(desk, caller, ticket)
    acted = replace(ticket, actor=transaction.get("actor", {}))
    return Answer(200, await issued(desk, acted, token))


def flow_ticket(
    caller: Caller, client: Client, user: User, run: FlowRun, *, grant_id: str, scope: str, audience: str
) -> Ticket:
    """What tokens are made of after that flow: its claims, and its scopes where it changed them."""
    effects = run.effects
    return Ticket(
        issuer=caller.issuer,
        client=client,
        user=user,
        grant_id=grant_id,
        scope=" ".join(effects.scopes) if effects.scopes is not None else scope,
        audience=audience,
        id_claims=effects.id_token,
        access_claims=effects.access_token,
    )


async def refresh_of(desk: Desk, caller: Caller, ticket: Ticket) -> str:
    """A first refresh token, or nothing where none was asked for or the application may have none."""
    now = desk.now()
    if not ticket.refreshable:
        return ""
    session = await desk.read(lambda connection: find_session_of(connection, ticket.session_id, now))
    first = first_refresh(desk, ticket, session, caller.device(), now)
    return await desk.write(lambda connection: with_refresh(connection, desk, first))


async def after_flow(desk: Desk, run: FlowRun, user: User) -> User:
    """The user after what actions wrote and whom they made the primary user.

    Metadata is saved also where the login was refused (catalogue: access.deny). The tenant keeps no linked accounts,
    so any user of it may be made the primary one; one that does not exist, or is blocked, changes nothing.
    """
    effects = run.effects
    changed = await desk.write(
        lambda connection: write_metadata(connection, user, effects.user_metadata, effects.app_metadata)
    )
    if effects.primary_user and run.status == "completed":
        primary = await desk.read(lambda connection: find_user(connection, effects.primary_user))
        return primary if primary and not primary.blocked else changed
    return changed
