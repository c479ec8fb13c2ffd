"""What a browser meets: `/authorize`, the tenant's own pages, `/continue` and logging out."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from authlib.common.urls import add_params_to_uri
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reconciler.errors import ReconcilerError
from reconciler.local.login.accounts import SHORTEST, Accounts
from reconciler.local.login.caller import Caller, caller_of, read_form
from reconciler.local.login.cookies import Cookies
from reconciler.local.login.desk import Desk
from reconciler.local.login.logins import Logins
from reconciler.local.login.outcomes import Broken, Outcome, ToApplication, ToStep, ToUrl
from reconciler.local.login.pending import Pending, find_pending, keep_returned
from reconciler.local.login.rendering import Pages
from reconciler.local.login.sessions import end_session, find_session
from reconciler.local.login.users import count_users, find_user
from reconciler.local.refusal import Refusal
from reconciler.local.wire.bodies import parsed_json

_PATHS = {"login": "/u/login", "factor": "/u/mfa", "form": "/u/form"}
_OVER = Broken(
    400, "invalid_request", "This login is over, or it began in another browser. Go back to the application."
)
_AWAY = Broken(400, "invalid_request", "This login goes on at the page that an action sent you to.")

Endpoint = Callable[[Request], Awaitable[Response]]
Step = Callable[[Caller, Pending, str, Mapping[str, str]], Awaitable[Outcome]]
Enter = Callable[[Caller, Pending, str, str, str], Awaitable[Outcome]]


class BrowserRoutes:
    """The pages of one tenant."""

    def __init__(self, desk: Desk, tenant: str) -> None:
        self._desk = desk
        self._logins = Logins(desk)
        self._accounts = Accounts(desk, self._logins)
        self._pages = Pages(tenant, desk.means)
        self._cookies = Cookies(desk.means)

    def routes(self) -> list[Route]:
        both = ["GET", "POST"]
        pages: dict[str, Endpoint] = {
            "/authorize": self._authorize,
            "/continue": self._continue,
            "/u/login": self._step(self._entered(self._logins.sign_in)),
            "/u/signup": self._step(self._entered(self._accounts.sign_up)),
            "/u/mfa": self._step(self._answer),
            "/u/form": self._step(self._fill_in),
            "/u/change-password": self._change_password,
            "/v2/logout": self._logout,
            "/oidc/logout": self._logout,
        }
        return [Route(path, self._told(endpoint), methods=both) for path, endpoint in pages.items()]

    def _told(self, endpoint: Endpoint) -> Endpoint:
        """The same, with a page instead of JSON for what goes wrong: a browser is there to show it."""

        async def told(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Refusal as refusal:
                broken = Broken(refusal.status, "invalid_request", str(refusal.body["message"]))
            except ReconcilerError as error:
                broken = Broken(500, "server_error", f"{error.message} {error.remedy}".strip())
            return await self._led(caller_of(request), broken)

        return told

    async def _authorize(self, request: Request) -> Response:
        caller = caller_of(request)
        if request.method == "POST":  # from another site it comes without cookies: the browser comes again by GET
            return RedirectResponse(f"/authorize?{urlencode(await read_form(request))}", 303)
        pairs = request.query_params.multi_items()
        browser = self._cookies.browser(caller)
        outcome = await self._logins.begin(caller, pairs, browser, self._cookies.session(caller))
        return await self._response(caller, browser, outcome)

    async def _continue(self, request: Request) -> Response:
        """Back from another page. What it posts is kept, and the browser comes again by GET, with its cookies."""
        caller, flow = caller_of(request), request.query_params.get("state", "")
        if request.method == "POST":
            fields, now = dict(await read_form(request)), self._desk.now()
            flow = flow or fields.get("state", "")
            if await self._desk.write(lambda connection: keep_returned(connection, flow, fields, now)):
                return RedirectResponse(f"/continue?{urlencode({'state': flow})}", 303)
        browser = self._cookies.browser(caller)
        outcome = await self._logins.go_on(caller, flow, browser, dict(request.query_params))
        return await self._response(caller, browser, outcome)

    def _step(self, send: Step) -> Endpoint:
        """A page of the tenant: shown by GET, sent by POST."""

        async def endpoint(request: Request) -> Response:
            caller, now = caller_of(request), self._desk.now()
            browser = self._cookies.browser(caller)
            fields = dict(request.query_params) if request.method == "GET" else dict(await read_form(request))
            pending = await self._desk.read(
                lambda connection: find_pending(connection, fields.get("state", ""), browser, now)
            )
            if pending is None or pending.query["client_id"] not in self._desk.server.clients:
                return await self._response(caller, browser, _OVER)
            if request.method == "POST":
                return await self._response(caller, browser, await send(caller, pending, browser, fields))
            return await self._shown(caller, browser, ToStep(pending, sign_up=request.url.path == "/u/signup"))

        return endpoint

    def _entered(self, enter: Enter) -> Step:
        """A login or a sign-up: whatever else the login waited for, it begins anew."""

        async def step(caller: Caller, pending: Pending, browser: str, fields: Mapping[str, str]) -> Outcome:
            anew = replace(pending, step="login", flow="", done="")
            return await enter(caller, anew, browser, fields.get("email", ""), fields.get("password", ""))

        return step

    async def _answer(self, caller: Caller, pending: Pending, browser: str, fields: Mapping[str, str]) -> Outcome:
        if pending.step != "factor":
            return _OVER
        return await self._logins.answered(caller, pending, browser, fields.get("code", ""))

    async def _fill_in(self, caller: Caller, pending: Pending, browser: str, fields: Mapping[str, str]) -> Outcome:
        if pending.step != "form":
            return _OVER
        try:
            given = parsed_json((fields.get("fields") or "{}").encode())
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return ToStep(pending, "The fields must be a JSON object.", fields["fields"])
        return await self._logins.filled_in(caller, pending, browser, given)

    async def _response(self, caller: Caller, browser: str, outcome: Outcome) -> Response:
        if isinstance(outcome, ToStep) and (outcome.problem or outcome.pending.step not in _PATHS):
            return await self._shown(caller, browser, outcome)
        response = await self._led(caller, outcome)
        if not isinstance(outcome, Broken):  # nothing of it belongs to a browser
            self._cookies.mark(response, caller, browser)
        if isinstance(outcome, ToApplication):
            self._cookies.remember(response, caller, outcome)
        return response

    async def _led(self, caller: Caller, outcome: Outcome) -> Response:
        """303 after a form, so that the password in it goes nowhere else (RFC 9700, section 4.12)."""
        onward = 303 if caller.method == "POST" else 302
        match outcome:
            case ToApplication(by_post=True):
                return self._pages.response("post", action=outcome.redirect_uri, fields=outcome.fields)
            case ToApplication():
                uri = add_params_to_uri(outcome.redirect_uri, list(outcome.fields.items()))
                return RedirectResponse(uri, onward, {"Cache-Control": "no-store"})
            case ToUrl():
                return RedirectResponse(outcome.url, onward, {"Cache-Control": "no-store"})
            case ToStep():
                path = _PATHS[outcome.pending.step]
                return RedirectResponse(f"{path}?{urlencode({'state': outcome.pending.id})}", onward)
        clients = len(self._desk.server.clients) > 1  # the tenant's own client of the Management API logs nobody in
        return self._pages.response(
            "broken", outcome.status, code=outcome.code, description=outcome.description, clients=clients
        )

    async def _shown(self, caller: Caller, browser: str, step: ToStep) -> Response:
        response = await self._page(step)
        self._cookies.mark(response, caller, browser)
        return response

    async def _page(self, step: ToStep) -> Response:
        pending, status = step.pending, 400 if step.problem else 200
        values: dict[str, Any] = {"state": pending.id, "problem": step.problem}
        if pending.step == "factor":
            return self._pages.response(
                "factor", status, **values, factor=pending.asked, method=pending.method, code=pending.code
            )
        if pending.step == "form":
            return self._pages.response("form", status, **values, form=pending.asked, fields=step.typed or "{}")
        if pending.step == "away":
            return self._pages.response("broken", 400, code=_AWAY.code, description=_AWAY.description, clients=True)
        application = self._logins.client_of(pending).name
        email = step.typed or pending.query.get("login_hint", "")
        if step.sign_up:
            return self._pages.response(
                "signup", status, **values, application=application, email=email, shortest=SHORTEST
            )
        users = await self._desk.read(count_users)
        return self._pages.response("login", status, **values, application=application, email=email, users=users)

    async def _change_password(self, request: Request) -> Response:
        caller = caller_of(request)
        if request.method == "GET":
            return self._pages.response("password", problem="", email="", shortest=SHORTEST, changed=False)
        fields = dict(await read_form(request))
        email = fields.get("email", "")
        problem = await self._accounts.change_password(
            caller, email, fields.get("password", ""), fields.get("wanted", "")
        )
        status = 400 if problem else 200
        return self._pages.response(
            "password", status, problem=problem, email=email, shortest=SHORTEST, changed=not problem
        )

    async def _logout(self, request: Request) -> Response:
        """Ends the session; then to the URL that was asked for, where an application has it among its logout URLs."""
        caller, desk, now = caller_of(request), self._desk, self._desk.now()
        fields = dict(request.query_params) if request.method == "GET" else dict(await read_form(request))
        token = self._cookies.session(caller)

        def work(connection: sqlite3.Connection) -> Any:
            session = find_session(connection, token, now) if token else None
            if session is not None:
                end_session(connection, session.id)
            return find_user(connection, session.user_id) if session else None

        user = await desk.write(work)
        client = desk.server.clients.get(fields.get("client_id", ""))
        wanted = fields.get("returnTo") or fields.get("post_logout_redirect_uri", "")
        known = [] if fields.get("client_id") else list(desk.server.clients.values())
        known += [client] if client else []
        allowed = not wanted or any(wanted in each.about.logout_urls for each in known)
        await desk.log(
            "slo" if allowed else "flo", "" if allowed else "Unknown logout URL", caller, client=client, user=user
        )
        response = await self._logged_out(caller, wanted, fields.get("state", ""), allowed=allowed)
        self._cookies.forget(response)
        return response

    async def _logged_out(self, caller: Caller, wanted: str, state: str, *, allowed: bool) -> Response:
        if not allowed:
            said = f"{wanted} is not among the logout URLs of the application."
            return await self._led(caller, Broken(400, "invalid_request", said))
        if not wanted:
            return self._pages.response("done")
        params = [("state", state)] if state else []
        return RedirectResponse(add_params_to_uri(wanted, params) if params else wanted, 302)
