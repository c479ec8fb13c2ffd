"""How a login in the browser ends: with a code for the application, or with an error for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk
from reconciler.local.login.grants import Code, keep_code, new_grant, revoke_session_grants
from reconciler.local.login.outcomes import ToApplication
from reconciler.local.login.pending import Pending, drop_pending
from reconciler.local.login.secrecy import new_token
from reconciler.local.login.sessions import (
    SECOND,
    Session,
    end_session,
    find_session_of,
    give_cookie,
    keep_session,
    with_effects,
)
from reconciler.local.login.unattended import after_flow
from reconciler.local.login.users import User, find_user
from reconciler.local.stamp import log_date
from reconciler.model.execution import FlowRun

_OWN_ERRORS = ("interaction_required", "mfa_required")


async def arrived(desk: Desk, caller: Caller, client: Client, pending: Pending, run: FlowRun) -> ToApplication:
    """The end of a flow that is over, and for which nothing is left to do."""
    user = await desk.read(lambda connection: find_user(connection, pending.user_id))
    if user is None:
        return to_application(client, pending.query, {"error": "access_denied", "error_description": "No such user."})
    user = await after_flow(desk, run, user)
    if run.status == "completed":
        return await _with_code(desk, client, pending, run, user)
    ended = await _without_code(desk, pending, run)
    return replace(to_application(client, pending.query, _error(run)), ended=ended)


def to_application(client: Client, query: Mapping[str, str], fields: Mapping[str, str]) -> ToApplication:
    """Back to the callback that the request named, with its state."""
    state = {"state": query["state"]} if query.get("state") else {}
    target = query.get("redirect_uri") or client.get_default_redirect_uri()
    by_post = query.get("response_mode") == "form_post" and target.startswith(("http://", "https://"))
    return ToApplication(target, {**fields, **state}, by_post)


def completed(done: str, desk: Desk) -> FlowRun:
    """The flow that was over before the last factor was asked for."""
    return FlowRun.model_validate(json.loads(desk.means.keys.opened(done)))


def kept_run(run: FlowRun, desk: Desk) -> str:
    """A flow that is over, sealed, without what its actions said and did: only what came of it is needed still."""
    return desk.means.keys.sealed(run.model_copy(update={"executions": ()}).model_dump_json())


def refusal(run: FlowRun, code: str, reason: str) -> FlowRun:
    """The flow as one that the tenant itself refused after it was over."""
    return run.model_copy(update={"status": "denied", "code": code, "reason": reason})


async def _with_code(desk: Desk, client: Client, pending: Pending, run: FlowRun, user: User) -> ToApplication:
    now, code, cookie = desk.now(), new_token(desk.means), new_token(desk.means)
    grant_id, query, effects = desk.means.entropy(12).hex(), pending.query, run.effects

    def work(connection: sqlite3.Connection) -> Session | None:
        session = find_session_of(connection, pending.session_id, now)
        if session is None or not drop_pending(connection, pending.id):
            return None
        recorded = tuple({"name": url, "timestamp": log_date(now)} for url in effects.methods)
        session = with_effects(replace(session, methods=(*session.methods, *recorded)), effects.session)
        keep_session(connection, session)
        if pending.fresh:
            give_cookie(connection, session.id, cookie)
        new_grant(connection, grant_id, client.client_id, user.user_id, session.id, now)
        about = Code(
            grant_id=grant_id,
            client_id=client.client_id,
            user_id=user.user_id,
            session_id=session.id,
            redirect_uri=query.get("redirect_uri", ""),
            scope=" ".join(effects.scopes) if effects.scopes is not None else query.get("scope", ""),
            audience=query.get("audience", ""),
            nonce=query.get("nonce", ""),
            code_challenge=query.get("code_challenge", ""),
            code_challenge_method=query.get("code_challenge_method", ""),
            auth_time=session.authenticated_at // SECOND,
            id_claims=effects.id_token,
            access_claims=effects.access_token,
        )
        keep_code(connection, code, about, now)
        return session

    session = await desk.write(work)
    if session is None:
        return to_application(client, query, {"error": "login_required", "error_description": "The login is over."})
    stays = session.cookie_mode == "persistent"
    token = cookie if pending.fresh else ""
    return replace(to_application(client, query, {"code": code}), session_token=token, stays=stays)


async def _without_code(desk: Desk, pending: Pending, run: FlowRun) -> bool:
    """Ends what a refused login began; whether the browser's session is over.

    A session that began with this login goes: no source says what the platform does, and a user who was refused should
    be asked for the password at the next try. One that was there before stays, unless the action revoked it.
    """
    asked = run.effects.session
    revoked = asked.get("revoked") is not None

    def work(connection: sqlite3.Connection) -> None:
        drop_pending(connection, pending.id)
        if revoked and not asked.get("keeps_refresh_tokens"):
            revoke_session_grants(connection, pending.session_id)
        if revoked or pending.fresh:
            end_session(connection, pending.session_id)

    await desk.write(work)
    return revoked or pending.fresh


def _error(run: FlowRun) -> dict[str, str]:
    """What the application hears. An action that threw is a server_error: no source says more."""
    code = "access_denied" if run.status == "denied" else "server_error"
    if run.code in _OWN_ERRORS:
        code = run.code
    return {"error": code, "error_description": run.user_message or run.reason}
