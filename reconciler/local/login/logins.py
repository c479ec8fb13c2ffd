"""A login in the browser, from `/authorize` to the end of its flow."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oidc.core.errors import LoginRequiredError

from reconciler.engine.effects.ending import FORM
from reconciler.errors import Usage
from reconciler.local.login.arriving import arrived, completed, kept_run, refusal, to_application
from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk, oauth_error
from reconciler.local.login.events import code_transaction
from reconciler.local.login.factors import TRIES, add_factor, asked_for, needs_factor, new_code
from reconciler.local.login.oauth_request import seconds_of
from reconciler.local.login.outcomes import Broken, Outcome, ToStep, ToUrl
from reconciler.local.login.pending import Pending, Step, find_pending_flow, keep_pending
from reconciler.local.login.sessions import SECOND, Session, find_session, keep_session, new_session, used
from reconciler.local.login.users import User, count_login, find_user, user_with_password
from reconciler.model.effects import Suspension
from reconciler.model.execution import FlowRun

WRONG = "Wrong email or password."
BLOCKED = "Your account has been blocked."
_NO_FACTOR = "Multifactor authentication required"


@dataclass(frozen=True)
class Known:
    """The user whom the browser's session names."""

    user: User
    session: Session


class Logins:
    """The logins of one tenant. `browser` is the token of the browser's own cookie, which its transactions belong
    to; `session_token` that of its session's cookie, empty where it has none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def begin(
        self, caller: Caller, pairs: Sequence[tuple[str, str]], browser: str, session_token: str
    ) -> Outcome:
        """`/authorize`: on to the flow for a browser with a session, else to the login page."""
        query = dict(reversed(pairs))  # what came twice is refused
        verdict, known = await self._looked_at(caller, pairs, query, session_token)
        client = self._desk.server.clients.get(query.get("client_id", ""))
        if isinstance(verdict, OAuth2Error) or client is None:
            return await self._turned_away(caller, client, query, verdict)
        pending = Pending(id=f"tx_{self._desk.means.entropy(16).hex()}", query={**query, "redirect_uri": verdict})
        if "redirect_uri" not in query:
            pending = replace(pending, query=query)
        if known is None:
            await self._keep(pending, browser)
            return ToStep(pending)
        return await self._logged_in(caller, client, pending, browser, known, fresh=False)

    async def sign_in(self, caller: Caller, pending: Pending, browser: str, email: str, password: str) -> Outcome:
        """The login page was sent: on to the flow, or the page again."""
        desk, client = self._desk, self.client_of(pending)
        user = await desk.read(lambda connection: user_with_password(connection, email, password))
        if user is None:
            await desk.log("fp", WRONG, caller, client=client, more={"user_name": email})
            return ToStep(pending, WRONG, email)
        if user.blocked:
            await desk.log("f", BLOCKED, caller, client=client, user=user)
            return ToStep(pending, BLOCKED, email)
        return await self.enter(caller, client, pending, browser, user)

    async def enter(self, caller: Caller, client: Client, pending: Pending, browser: str, user: User) -> Outcome:
        """A user who just proved who they are: a session begins, and the flow runs."""
        desk, now = self._desk, self._desk.now()
        session = new_session(desk.means.entropy(16).hex(), user.user_id, caller.device(), now)
        return await self._logged_in(caller, client, pending, browser, Known(user, session), fresh=True)

    async def go_on(self, caller: Caller, flow: str, browser: str, query: Mapping[str, str]) -> Outcome:
        """`/continue`: the user is back from the page that an action named."""
        now = self._desk.now()
        pending = await self._desk.read(lambda connection: find_pending_flow(connection, flow, browser, now))
        if pending is None or pending.step != "away" or pending.query["client_id"] not in self._desk.server.clients:
            return _unknown_state()
        returned = pending.returned
        method = {"method": "POST"} if returned is not None else {}
        shown = caller.shown(query, {**(returned or {})}) | method
        return await self._resumed(caller, pending, browser, {"request": shown})

    async def answered(self, caller: Caller, pending: Pending, browser: str, code: str) -> Outcome:
        """The code of a factor was sent: on with the flow, or the page again; too many wrong ones end the login."""
        if code.replace(" ", "") != pending.code:
            return await self._mistaken(caller, pending, browser)
        await add_factor(self._desk, pending)
        if not pending.done:
            return await self._resumed(caller, replace(pending, code=""), browser, {})
        run = completed(pending.done, self._desk)
        return await arrived(self._desk, caller, self.client_of(pending), pending, run)

    async def filled_in(self, caller: Caller, pending: Pending, browser: str, fields: Mapping[str, str]) -> Outcome:
        """The form of an action was sent."""
        overlay = {"prompt": {"fields": dict(fields)}} if fields else {}
        return await self._resumed(caller, pending, browser, overlay)

    def client_of(self, pending: Pending) -> Client:
        return self._desk.server.clients[pending.query["client_id"]]

    async def _looked_at(
        self, caller: Caller, pairs: Sequence[tuple[str, str]], query: Mapping[str, str], session_token: str
    ) -> tuple[OAuth2Error | str, Known | None]:
        desk, now = self._desk, self._desk.now()

        def work(connection: sqlite3.Connection) -> tuple[OAuth2Error | str, Known | None]:
            known = _known(connection, session_token, query, now)
            asked = desk.asked(connection, caller, pairs, method="GET")
            verdict = desk.server.authorization(asked, known.user if known else None)
            if isinstance(verdict, str) and known is None and query.get("prompt") == "none":
                return LoginRequiredError(redirect_uri=verdict), None
            return verdict, known

        return await desk.read(work)

    async def _turned_away(
        self, caller: Caller, client: Client | None, query: Mapping[str, str], verdict: OAuth2Error | str
    ) -> Outcome:
        """Why a request is no good: told to the application where its callback is its own, else shown to the user."""
        code, said = oauth_error(verdict) if isinstance(verdict, OAuth2Error) else ("invalid_client", "Unknown client.")
        if isinstance(verdict, LoginRequiredError):
            await self._desk.log("fsa", "Login required", caller, client=client)
            said = "Login required"
        else:
            await self._desk.log("f", said, caller, client=client)
        if client and isinstance(verdict, OAuth2Error) and verdict.redirect_uri:
            return to_application(client, query, {"error": code, "error_description": said})
        return Broken(400, code, said)

    async def _logged_in(
        self, caller: Caller, client: Client, pending: Pending, browser: str, known: Known, *, fresh: bool
    ) -> Outcome:
        """Runs the flow of a user whom the tenant knows now."""
        desk, now = self._desk, self._desk.now()
        session = used(known.session, client.client_id, caller.device(), now)
        pending = replace(pending, user_id=known.user.user_id, session_id=session.id, fresh=fresh)

        def work(connection: sqlite3.Connection) -> User:
            keep_session(connection, session)
            keep_pending(connection, pending, browser, now)
            return count_login(connection, known.user, now)

        user = await desk.write(work)
        event = desk.events.login(
            caller=replace(caller, method="GET"),
            client=client,
            user=user,
            query=pending.query,
            transaction=code_transaction(pending.id, pending.query, caller),
            session=session,
        )
        run = await desk.firing.fire("post-login", event, reveal=True)
        return await self._after(caller, client, pending, browser, run)

    async def _resumed(self, caller: Caller, pending: Pending, browser: str, overlay: Mapping[str, Any]) -> Outcome:
        """Lets the suspended flow go on. Its state works once: of two tabs that come back the second one is told."""
        try:
            run = await self._desk.firing.resume(pending.flow, overlay, reveal=True)
        except Usage:
            return _unknown_state()
        pending = replace(pending, flow="", returned=None)
        return await self._after(caller, self.client_of(pending), pending, browser, run)

    async def _after(self, caller: Caller, client: Client, pending: Pending, browser: str, run: FlowRun) -> Outcome:
        """Where the browser goes after (a part of) the flow."""
        desk = self._desk
        waits = run.suspension
        if waits is not None:
            step = _step(waits)
            pending = replace(pending, step=step, flow=waits.state, method=waits.method, asked=asked_for(waits.args))
            if step == "factor":
                pending = replace(pending, code=new_code(desk), failures=0)
            await self._keep(pending, browser)
            return ToUrl(waits.url) if waits.url else ToStep(pending)
        if not await needs_factor(desk, pending, run):
            return await arrived(desk, caller, client, pending, run)
        if pending.query.get("prompt") == "none":
            return await arrived(desk, caller, client, pending, refusal(run, "interaction_required", _NO_FACTOR))
        asked = asked_for((run.effects.multifactor["provider"],))
        pending = replace(pending, step="factor", method="multifactor.enable", asked=asked, code=new_code(desk))
        pending = replace(pending, done=kept_run(run, desk))
        await self._keep(pending, browser)
        return ToStep(pending)

    async def _mistaken(self, caller: Caller, pending: Pending, browser: str) -> Outcome:
        pending = replace(pending, failures=pending.failures + 1)
        await self._desk.log("gd_auth_failed", "Wrong code", caller, client=self.client_of(pending))
        if pending.failures < TRIES:
            await self._keep(pending, browser)
            return ToStep(pending, "That is not the code.")
        run = refusal(FlowRun(trigger="post-login", status="denied"), "", "Too many wrong codes.")
        return await arrived(self._desk, caller, self.client_of(pending), pending, run)

    async def _keep(self, pending: Pending, browser: str) -> None:
        now = self._desk.now()
        await self._desk.write(lambda connection: keep_pending(connection, pending, browser, now))


def _known(connection: sqlite3.Connection, token: str, query: Mapping[str, str], now: int) -> Known | None:
    """Whom the session names, unless the application wants the password anew (prompt=login, max_age)."""
    session = find_session(connection, token, now) if token else None
    user = find_user(connection, session.user_id) if session else None
    if session is None or user is None or user.blocked or "login" in query.get("prompt", "").split():
        return None
    age = seconds_of(query.get("max_age", ""))
    if age is not None and now - session.authenticated_at > age * SECOND:
        return None
    return Known(user, session)


def _step(waits: Suspension) -> Step:
    if waits.url:
        return "away"
    return "form" if waits.method == FORM else "factor"


def _unknown_state() -> Broken:
    return Broken(
        400,
        "invalid_request",
        "No login waits under that state: it was used already, is over, or is another browser's.",
    )
