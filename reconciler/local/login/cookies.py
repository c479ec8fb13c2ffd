"""The cookies of a browser. Cookies know no ports, so their names hold the tenant's: two tenants on one machine do not
get in each other's way."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from reconciler.local.login.caller import Caller
from reconciler.local.login.outcomes import ToApplication
from reconciler.local.login.secrecy import new_token
from reconciler.local.login.sessions import LIFE, SECOND
from reconciler.local.means import Means


class Cookies:
    """Reads and sets the cookies of one tenant: `browser`, which its login transactions belong to, and `session`."""

    def __init__(self, means: Means) -> None:
        self._means = means
        mark = hashlib.sha256(means.keys.client_id.encode()).hexdigest()[:8]
        self._browser, self._session = f"reconciler_browser_{mark}", f"reconciler_session_{mark}"

    def browser(self, caller: Caller) -> str:
        """The browser's own token; a fresh one where it has none yet."""
        return caller.cookies.get(self._browser) or new_token(self._means)

    def session(self, caller: Caller) -> str:
        """The token of its session, empty where there is none."""
        return caller.cookies.get(self._session, "")

    def mark(self, response: Response, caller: Caller, browser: str) -> None:
        """Gives the browser its own token, unless it has it."""
        if caller.cookies.get(self._browser) != browser:
            self._set(response, caller, self._browser, browser, None)

    def remember(self, response: Response, caller: Caller, end: ToApplication) -> None:
        """Gives the browser the session of a login that came to a good end, or takes it away."""
        if end.session_token:
            life = LIFE // SECOND if end.stays else None
            self._set(response, caller, self._session, end.session_token, life)
        elif end.ended:
            self.forget(response)

    def forget(self, response: Response) -> None:
        response.delete_cookie(self._session, path="/")

    def _set(self, response: Response, caller: Caller, name: str, value: str, seconds: int | None) -> None:
        """Lax, so that it comes with the redirect of an application or of another page, and with nothing else from
        there. Secure where the tenant speaks TLS."""
        response.set_cookie(name, value, max_age=seconds, path="/", secure=caller.secure, httponly=True, samesite="lax")
