"""An application as a developer writes one: it sends its user to the tenant, takes the code that comes back, and shows
the claims of the verified ID token. Beside it, the page that an action sends a user to."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.local.login.served import challenge_of

CLIENT = "sample"
VERIFIER = "a-verifier-that-a-real-application-makes-anew-each-time"


@dataclass
class Application:
    """Where it runs; `issuer` is the tenant, known once that is served."""

    url: str
    issuer: str = ""

    @property
    def callback(self) -> str:
        return f"{self.url}/callback"


@contextmanager
def sample_application() -> Iterator[Application]:
    """The application, served on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
            if path == "/":
                self._redirect(_authorize_url(application))
            elif path == "/callback" and "code" in query:
                self._show("in", json.dumps(_claims(application, query["code"])))
            elif path == "/callback":
                self._show("refused", query.get("error_description", ""))
            elif path == "/profile":
                self._redirect(f"{application.issuer}/continue?{urlencode({**query, 'colour': 'teal'})}")
            else:
                self.send_error(404)

        def _redirect(self, url: str) -> None:
            self.send_response(302)
            self.send_header("Location", url)
            self.end_headers()

        def _show(self, state: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f'<!doctype html><p id="{state}">{html.escape(text)}</p>'.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    application = Application(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield application
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _authorize_url(application: Application) -> str:
    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": application.callback,
        "scope": "openid profile email",
        "state": "from-the-application",
        "nonce": "n-1",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    return f"{application.issuer}/authorize?{urlencode(query)}"


def _claims(application: Application, code: str) -> dict[str, object]:
    fields = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "code": code,
        "redirect_uri": application.callback,
        "code_verifier": VERIFIER,
    }
    with httpx.Client(base_url=application.issuer) as tenant:
        token = tenant.post("/oauth/token", data=fields).raise_for_status().json()["id_token"]
        keys = KeySet.import_key_set(tenant.get("/.well-known/jwks.json").json())
    claims: dict[str, object] = jwt.decode(token, keys, algorithms=["RS256"]).claims
    return claims
