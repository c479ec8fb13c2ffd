"""What an attacker or a broken application tries, and comes to nothing."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from reconciler.local.login.secrecy import hashed_password
from reconciler.local.login.users import User, keep_user, user_with_password
from reconciler.local.registered import CLIENT_CREDENTIALS, LoginClient, Registered
from tests.local.login.served import (
    ADA,
    API,
    CALLBACK,
    EVERYBODY,
    PASSWORD,
    WEB,
    Place,
    challenge_of,
    fields_of,
    place,
    secret_of,
)
from tests.local.login.test_oauth_laws import database
from tests.local.tenant.opened import Scripted

pytestmark = pytest.mark.anyio

QUERY = {"response_type": "code", "client_id": "web", "redirect_uri": CALLBACK, "state": "xyz"}
MARKUP = "\"'><script>alert(1)</script><img src=x>"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ([("prompt", "login"), ("prompt", "none")], "invalid_request"),
        ([("nonce", "mine"), ("nonce", "yours")], "invalid_request"),
        ([("response_mode", "fragment")], "invalid_request"),
        ([("response_mode", "web_message")], "invalid_request"),
        ([("request", "e30.e30.")], "request_not_supported"),
        ([("request_uri", "https://evil.example/")], "request_uri_not_supported"),
        ([("max_age", "9" * 5000)], "invalid_request"),
        ([("max_age", "-1")], "invalid_request"),
    ],
)
async def test_a_parameter_that_is_not_understood_is_refused_and_not_guessed_at(
    tmp_path: Path, more: list[tuple[str, str]], error: str
) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        surfer = tenant.surfer()
        await surfer.code()  # a session: nothing is left to ask for
        told = fields_of(await surfer.http.get("/authorize", params=[*QUERY.items(), *more]))
        assert (told["error"], told["state"]) == (error, "xyz")
        assert "supported is not" not in told["error_description"]


async def test_an_application_without_the_code_grant_gets_no_login(tmp_path: Path) -> None:
    machine = LoginClient("machine", client_secret="s", callbacks=(CALLBACK,), grant_types=(CLIENT_CREDENTIALS,))
    async with place(tmp_path, Registered(users=(ADA,), clients=(machine,)), runner=Scripted()) as tenant:
        assert fields_of(await tenant.surfer().authorize("machine"))["error"] == "unauthorized_client"


async def test_a_form_on_another_site_takes_no_login_away_from_the_browser(tmp_path: Path) -> None:
    """A cookie that is lax does not come with it, so it must not be replaced either."""
    async with place(tmp_path, runner=Scripted()) as tenant:
        surfer = tenant.surfer()
        await surfer.authorize()
        for path, fields in (
            ("/u/login", {"state": "tx_guessed", "email": ADA.email, "password": PASSWORD}),
            ("/continue", {"state": "guessed"}),
            ("/authorize", QUERY),
        ):
            answer = await tenant.http.post(tenant.url + path, data=fields)
            assert "set-cookie" not in answer.headers
        assert answer.status_code == 303
        assert "Log in" in (await surfer.open(answer.headers["location"])).text
        assert "code" in fields_of(await surfer.sign_in())


async def test_what_no_browser_sends_is_told_on_a_page(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        for content, status in ((b"\xff\xfe", 400), (b"a" * 2_000_000, 413)):
            answer = await tenant.http.post(f"{tenant.url}/u/login", content=content)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


async def test_a_form_that_nests_without_end_or_holds_half_characters_is_no_form(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act("exports.onExecutePostLogin = async (event, api) => { api.prompt.render('ap_form'); };")
        surfer = tenant.surfer()
        await surfer.authorize()
        await surfer.sign_in()
        for fields in ("[" * 5000, '{"a": "\\ud800"}', '{"a": NaN}'):
            assert (await surfer.send("/u/form", fields=fields)).status_code == 400


async def test_a_user_who_does_not_exist_takes_as_long_as_a_wrong_password() -> None:
    connection = database()
    known = User("auth0|1", "ada@example.com", "", "", "", password=hashed_password(PASSWORD, b"s" * 16))
    keep_user(connection, known)
    assert user_with_password(connection, "ADA@example.com", PASSWORD) == known

    def seconds(email: str) -> float:
        began = time.perf_counter()
        assert user_with_password(connection, email, "wrong") is None
        return time.perf_counter() - began

    there, nowhere = (min(seconds(email) for _ in range(3)) for email in ("ada@example.com", "nobody@example.com"))
    connection.close()
    assert nowhere > there / 3


async def test_logging_out_of_an_application_that_there_is_not_goes_nowhere(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        answer = await tenant.surfer().open("/v2/logout?client_id=nobody&returnTo=http://127.0.0.1:9/bye")
        assert (answer.status_code, answer.is_redirect) == (400, False)


async def test_a_token_request_with_a_parameter_twice_is_refused(tmp_path: Path) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    twice = "grant_type=password&grant_type=client_credentials&client_id=web&client_secret=x"
    async with place(tmp_path, runner=Scripted()) as tenant:
        for path in ("/oauth/token", "/oauth/revoke"):
            answer = await tenant.http.post(tenant.url + path, content=twice, headers=form)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_what_somebody_typed_into_a_form_is_logged_cut_short(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        answer = await tenant.token(grant_type="password", username="u" * 100_000, password="wrong")
        assert answer.status_code == 403
        (entry,) = await tenant.logs()
        assert len(json.dumps(entry)) < 2_000


async def test_a_client_assertion_that_nests_without_end_is_refused(tmp_path: Path) -> None:
    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    async with place(tmp_path, runner=Scripted()) as tenant:
        for head, claims in ((b"[" * 5000, b"{}"), (b'{"alg":"RS256"}', b"[" * 5000)):
            fields = {"client_assertion_type": kind, "client_assertion": f"{part(head)}.{part(claims)}.AAAA"}
            asked = {"grant_type": CLIENT_CREDENTIALS, "audience": API, **fields}
            answer = await tenant.http.post(f"{tenant.url}/oauth/token", data=asked)
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def grown(tenant: Place, **more: str) -> dict[str, Any]:
    """The tokens of a login in the browser."""
    code = await tenant.surfer().code(scope="openid email offline_access", audience=API)
    answer = await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code, **more)
    body: dict[str, Any] = answer.json()
    return body


async def test_every_token_opens_its_own_door_only(tmp_path: Path) -> None:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    async with place(tmp_path, runner=Scripted()) as tenant:
        body = await grown(tenant)
        claims = await tenant.read(body["access_token"])
        key = (await tenant.http.get(f"{tenant.url}/.well-known/jwks.json")).json()["keys"][0]
        public = RSAKey.import_key(key).as_pem(private=False)
        mixed = f"{part({'alg': 'HS256', 'kid': key['kid']})}.{part(claims)}"
        mark = base64.urlsafe_b64encode(hmac.new(public, mixed.encode(), hashlib.sha256).digest())
        management = tenant.headers["Authorization"].removeprefix("Bearer ")
        audience = f"{tenant.url}/api/v2/"
        asked = {"grant_type": "password", "username": ADA.email, "password": PASSWORD, "scope": "read:actions"}
        aimed = (await tenant.token(**asked, audience=audience)).json()["access_token"]
        machine = (await tenant.token(grant_type=CLIENT_CREDENTIALS, audience=f"{tenant.url}/userinfo")).json()
        doors = {
            body["access_token"]: {"/userinfo"},
            body["id_token"]: set(),
            body["refresh_token"]: set(),
            f"{part({'alg': 'none'})}.{part(claims)}.": set(),
            f"{mixed}.{mark.decode().rstrip('=')}": set(),
            management: {"/api/v2/actions/actions"},
            aimed: set(),
            machine["access_token"]: set(),
        }
        for token, opened in doors.items():
            for path in ("/userinfo", "/api/v2/actions/actions"):
                answer = await tenant.http.get(tenant.url + path, headers={"Authorization": f"Bearer {token}"})
                assert answer.status_code == (200 if path in opened else 401)


async def test_of_many_that_redeem_a_code_at_once_one_gets_tokens(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        asked = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": await tenant.surfer().code()}
        answers = await asyncio.gather(*(tenant.token(**asked) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]


async def test_a_refresh_token_gives_no_more_than_it_stands_for_and_to_its_application_only(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        token = (await grown(tenant))["refresh_token"]
        asked = {"grant_type": "refresh_token", "refresh_token": token}
        wider = await tenant.token(**asked, scope="openid admin")
        assert wider.json()["error"] == "invalid_scope"
        other = await tenant.http.post(f"{tenant.url}/oauth/token", data={**asked, "client_id": "spa"})
        assert other.status_code == 403
        assert other.json()["error_description"] == "Unknown or invalid refresh token."
        fewer = await tenant.token(**asked, scope="openid")
        assert (fewer.status_code, fewer.json()["scope"]) == (200, "openid")


async def test_a_verifier_for_a_code_that_was_asked_for_without_a_challenge_is_refused(tmp_path: Path) -> None:
    """RFC 9700, section 4.8: else an attacker takes the challenge out of the request."""
    async with place(tmp_path, runner=Scripted()) as tenant:
        code = await tenant.surfer().code()
        body = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
        assert (await tenant.token(**body, code_verifier="x" * 43)).json()["error"] == "invalid_request"


async def test_a_user_who_was_blocked_is_out_everywhere(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        surfer = tenant.surfer()
        await surfer.code()
        body = await grown(tenant)
        cookies, host = dict(surfer.http.cookies), surfer.http.base_url.netloc.decode()
        code = await tenant.surfer().code()
    barred = Registered(users=(replace(ADA, blocked=True),), clients=(WEB,))
    async with place(tmp_path, barred, runner=Scripted()) as tenant:
        surfer = tenant.surfer()
        surfer.http.cookies.update(cookies)
        assert fields_of(await surfer.authorize(prompt="none"))["error"] == "login_required"
        for asked in (
            {"grant_type": "refresh_token", "refresh_token": body["refresh_token"]},
            {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code},
            {"grant_type": "password", "username": ADA.email, "password": PASSWORD},
        ):
            assert (await tenant.token(**asked)).status_code == 403
        asked = {"grant_type": "password", "username": ADA.email, "password": "wrong"}
        assert (await tenant.token(**asked)).json()["error"] == "invalid_grant"
        headers = {"Authorization": f"Bearer {body['access_token']}", "Host": host}
        assert (await tenant.http.get(f"{tenant.url}/userinfo", headers=headers)).status_code == 401


async def test_markup_stays_text_on_every_page(tmp_path: Path) -> None:
    client = LoginClient("web", MARKUP, callbacks=(CALLBACK,), client_secret=WEB.client_secret)
    async with place(tmp_path, Registered(users=(ADA,), clients=(client,))) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f" const markup = {json.dumps(MARKUP)}, {{ state }} = event.transaction;"
            " if (state === 'form') api.prompt.render(markup);"
            " if (state === 'factor') api.authentication.challengeWith({ type: 'otp' });"
            " if (state === 'deny') api.access.deny(markup); };"
            "exports.onContinuePostLogin = async () => {};"
        )
        await tenant.act(
            "exports.onExecutePreUserRegistration = async (event, api) => {"
            f" api.access.deny('no', {json.dumps(MARKUP)}); }};",
            trigger="pre-user-registration",
            name="before",
        )
        surfer = tenant.surfer()
        pages = [await surfer.authorize(login_hint=MARKUP), await surfer.sign_in(email=MARKUP, password=MARKUP)]
        pages.append(await surfer.http.get("/u/signup", params=dict(surfer.page.url.params) if surfer.page else {}))
        pages.append(await surfer.send("/u/signup", email="eve@example.com", password="long enough"))
        pages.append(await surfer.http.post("/u/change-password", data={"email": MARKUP}))
        pages.append(await surfer.http.get("/v2/logout", params={"returnTo": MARKUP}))
        pages.append(await surfer.http.get("/authorize", params={**QUERY, "redirect_uri": MARKUP}))
        for state in ("form", "factor"):
            await surfer.authorize(state=state)
            pages.append(await surfer.sign_in())
        await surfer.authorize(state="deny", response_mode="form_post")
        pages.append(await surfer.sign_in())
        for page in pages:
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "<img" not in page.text
            assert "alert(1)</script>" not in page.text
            assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_no_password_code_token_or_secret_of_an_application_is_logged_shown_to_actions_or_kept_in_clear(
    tmp_path: Path,
) -> None:
    runner = Scripted()
    async with place(tmp_path, runner=runner) as tenant:
        for trigger in ("post-login", "credentials-exchange", "pre-user-registration", "post-change-password"):
            await tenant.act("exports.handler = () => {};", trigger=trigger, name=trigger)
        surfer, verifier = tenant.surfer(), "v" * 43
        challenge = {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
        code = await surfer.code(scope="openid offline_access", **challenge)
        redeemed = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
        body = (await tenant.token(**redeemed, code_verifier=verifier)).json()
        again = (await tenant.token(grant_type="refresh_token", refresh_token=body["refresh_token"])).json()
        await tenant.token(grant_type="password", username=ADA.email, password=PASSWORD)
        await tenant.token(grant_type="password", username=ADA.email, password="a wrong password")
        await tenant.token(grant_type=CLIENT_CREDENTIALS, audience=API)
        await tenant.token(**redeemed, code_verifier=verifier)
        await surfer.authorize(prompt="login")
        await surfer.send("/u/signup", email="eve@example.com", password="the password of eve")
        changed = {"email": ADA.email, "password": PASSWORD, "wanted": "the next password"}
        await surfer.http.post("/u/change-password", data=changed)
        logged = json.dumps(await tenant.logs())
        hidden = [code, PASSWORD, "a wrong password", "the password of eve", "the next password", WEB.client_secret]
        hidden += [each[name] for each in (body, again) for name in ("access_token", "id_token", "refresh_token")]
        hidden += list(surfer.http.cookies.values())
    seen = json.dumps([job.event for job in runner.jobs])
    kept = b"".join(path.read_bytes() for path in (tmp_path / "local").glob("tenant.db*"))
    for value in hidden:
        assert value not in logged
        assert value not in seen
        assert value.encode() not in kept


async def test_a_session_cookie_that_somebody_chose_is_never_taken_up(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        surfer, chosen = tenant.surfer(), "chosen-by-an-attacker"
        await surfer.code()
        name = next(name for name in surfer.http.cookies if name.startswith("reconciler_session_"))
        victim = tenant.surfer()
        victim.http.cookies.set(name, chosen)
        await victim.authorize()
        answer = await victim.sign_in()
        assert "code" in fields_of(answer)
        assert chosen not in answer.headers["set-cookie"]
        attacker = httpx.AsyncClient(base_url=tenant.url, cookies={name: chosen})
        async with attacker:
            told = fields_of(await attacker.get("/authorize", params={**QUERY, "prompt": "none"}))
        assert told["error"] == "login_required"


async def test_the_files_that_open_a_tenant_are_its_owners_only(tmp_path: Path) -> None:
    async with place(tmp_path, runner=Scripted()) as tenant:
        await grown(tenant)
        for path in (tmp_path / "local").iterdir():
            assert path.stat().st_mode & 0o077 == 0
        assert secret_of(WEB)["client_secret"] not in repr(tenant.served) + repr(EVERYBODY)
