"""Flows that need the user: redirects, factors, forms, refusals, sign-ups."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.local.login.served import ADA, CALLBACK, CLAIM, PASSWORD, Place, fields_of, place

pytestmark = pytest.mark.anyio

ASKS = """
exports.onExecutePostLogin = async (event, api) => {
  api.user.setAppMetadata("asked", true);
  const token = api.redirect.encodeToken({ secret: "a".repeat(32), payload: { hello: event.user.email } });
  api.redirect.sendUserTo("https://profile.example/ask", { query: { session_token: token } });
};
exports.onContinuePostLogin = async (event, api) => {
  api.idToken.setCustomClaim("https://acme.example/plan", event.request.query.answer ?? event.request.body.answer);
  api.idToken.setCustomClaim("code", event.request.query.code);
};
"""


async def id_token(tenant: Place, code: str) -> dict[str, object]:
    body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
    return await tenant.read(body["id_token"])


async def test_an_action_sends_the_user_elsewhere_and_goes_on_when_they_are_back(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(ASKS)
        surfer = tenant.surfer()
        await surfer.authorize()
        away = await surfer.sign_in()
        target = urlsplit(away.headers["location"])
        query = dict(parse_qsl(target.query))
        assert (target.netloc, set(query)) == ("profile.example", {"session_token", "state"})
        assert await tenant.codes() == []
        back = await surfer.open(f"/continue?state={query['state']}&answer=forty-two&code=of-another-server")
        claims = await id_token(tenant, fields_of(back)["code"])
        assert (claims[CLAIM], claims["code"]) == ("forty-two", "of-another-server")
        assert await tenant.codes() == ["s", "seacft"]
        assert len((await tenant.logs())[0]["details"]["actions"]["executions"]) == 1


async def test_a_state_works_once_and_in_its_own_browser_only(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(ASKS)
        surfer = tenant.surfer()
        await surfer.authorize()
        state = dict(parse_qsl(urlsplit((await surfer.sign_in()).headers["location"]).query))["state"]
        assert (await tenant.surfer().open(f"/continue?state={state}")).status_code == 400
        assert "code" in fields_of(await surfer.open(f"/continue?state={state}"))
        assert (await surfer.open(f"/continue?state={state}")).status_code == 400
        assert (await surfer.open("/continue?state=never-given")).status_code == 400


async def test_another_page_may_come_back_by_post_without_our_cookies(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(ASKS)
        surfer = tenant.surfer()
        await surfer.authorize()
        state = dict(parse_qsl(urlsplit((await surfer.sign_in()).headers["location"]).query))["state"]
        posted = await tenant.http.post(f"{tenant.url}/continue?state={state}", data={"answer": "by post"})
        assert posted.status_code == 303
        back = await surfer.open(posted.headers["location"])
        assert (await id_token(tenant, fields_of(back)["code"]))[CLAIM] == "by post"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("api.access.deny('not today')", {"error": "access_denied", "error_description": "not today"}),
        (
            "api.validation.error('too_young', 'You are too young.')",
            {"error": "access_denied", "error_description": "You are too young."},
        ),
        ("null.x", {"error": "server_error"}),
        ("api.session.revoke('stolen')", {"error": "access_denied", "error_description": "stolen"}),
    ],
)
async def test_a_refused_login_goes_back_with_the_reason_and_leaves_no_session(
    tmp_path: Path, call: str, told: dict[str, str]
) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            f"exports.onExecutePostLogin = async (event, api) => {{ api.user.setUserMetadata('seen', true); {call}; }};"
        )
        surfer = tenant.surfer()
        await surfer.authorize()
        fields = fields_of(await surfer.sign_in())
        assert fields.items() >= {**told, "state": "xyz"}.items()
        assert "Log in" in (await surfer.authorize()).text
        assert (await tenant.codes())[-1] == "f"


async def test_a_session_that_was_there_outlives_a_refusal_unless_it_is_revoked(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        await surfer.code()
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            " if (event.transaction.state === 'deny') api.access.deny('no');"
            " if (event.transaction.state === 'revoke') api.session.revoke('no'); };"
        )
        assert fields_of(await surfer.authorize(state="deny"))["error"] == "access_denied"
        assert "code" in fields_of(await surfer.authorize())
        assert fields_of(await surfer.authorize(state="revoke"))["error"] == "access_denied"
        assert "Log in" in (await surfer.authorize()).text


@pytest.mark.parametrize("call", ["api.authentication.challengeWith({ type: 'otp' })", "api.multifactor.enable('any')"])
async def test_a_factor_is_confirmed_with_the_code_that_the_page_shows(tmp_path: Path, call: str) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f" if (!event.authentication.methods.some((one) => one.name === 'mfa')) {call};"
            f" api.idToken.setCustomClaim('{CLAIM}', event.authentication.methods.map((one) => one.name)); }};"
        )
        await tenant.act("exports.onExecutePostLogin = async () => {};", name="after")
        surfer = tenant.surfer()
        await surfer.authorize()
        page = await surfer.sign_in()
        assert "stand-in" in page.text
        shown = page.text.partition('id="shown">')[2][:6]
        wrong = await surfer.send("/u/mfa", code="000000" if shown != "000000" else "111111")
        assert (wrong.status_code, "not the code" in wrong.text) == (400, True)
        assert "code" in fields_of(await surfer.send("/u/mfa", code=shown))
        again = fields_of(await surfer.authorize())["code"]
        assert (await id_token(tenant, again))[CLAIM] == ["pwd", "mfa"]


async def test_too_many_wrong_codes_end_the_login(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act("exports.onExecutePostLogin = async (e, api) => { api.multifactor.enable('any'); };")
        surfer = tenant.surfer()
        await surfer.authorize()
        await surfer.sign_in()
        for _ in range(4):
            assert (await surfer.send("/u/mfa", code="no")).status_code == 400
        ended = await surfer.send("/u/mfa", code="no")
        assert fields_of(ended)["error_description"] == "Too many wrong codes."
        assert (await surfer.send("/u/mfa", code="no")).status_code == 400


async def test_a_form_is_answered_in_json(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (e, api) => { api.prompt.render('ap_consent', { fields: { a: 1 } }); };"
            "exports.onContinuePostLogin = async (event, api) => {"
            f" api.idToken.setCustomClaim('{CLAIM}', [event.prompt.id, event.prompt.fields.terms]); }};"
        )
        surfer = tenant.surfer()
        await surfer.authorize()
        assert "ap_consent" in (await surfer.sign_in()).text
        wrong = await surfer.send("/u/form", fields='["typed"]')
        assert (wrong.status_code, "[&#34;typed&#34;]</textarea>" in wrong.text) == (400, True)
        back = await surfer.send("/u/form", fields='{"terms": "yes"}')
        assert (await id_token(tenant, fields_of(back)["code"]))[CLAIM] == ["ap_consent", "yes"]


async def test_a_sign_up_asks_the_actions_keeps_what_they_say_and_logs_in(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePreUserRegistration = async (event, api) => {"
            " api.user.setAppMetadata('plan', 'trial');"
            " const disposable = event.user.email.endsWith('@mailinator.com');"
            " if (disposable) api.access.deny('disposable', 'Use a lasting one.'); };",
            trigger="pre-user-registration",
            name="before",
        )
        await tenant.act(
            "exports.onExecutePostUserRegistration = async (event) => { console.log(event.user.user_id); };",
            trigger="post-user-registration",
            name="after",
        )
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f" api.idToken.setCustomClaim('{CLAIM}', event.user.app_metadata.plan); }};"
        )
        surfer = tenant.surfer()
        await surfer.authorize()
        assert surfer.page
        await surfer.open(str(surfer.page.url).replace("/u/login", "/u/signup"))
        for email, password, said in (
            ("bob@mailinator.com", "long enough", "Use a lasting one."),
            ("bob@example.com", "short", "at least 8"),
            ("bob", "long enough", "no email"),
            (ADA.email.upper(), "long enough", "cannot be used"),
        ):
            refused = await surfer.send("/u/signup", email=email, password=password)
            assert (refused.status_code, said in refused.text) == (400, True)
        back = await surfer.send("/u/signup", email="bob@example.com", password="long enough")
        claims = await id_token(tenant, fields_of(back)["code"])
        assert (claims[CLAIM], claims["email"], claims["email_verified"]) == ("trial", "bob@example.com", False)
        assert await tenant.codes() == ["fs", "fs", "fs", "fs", "ss", "s", "seacft"]
    async with place(tmp_path) as tenant:  # who signed up stays
        surfer = tenant.surfer()
        await surfer.authorize()
        assert "code" in fields_of(await surfer.sign_in("bob@example.com", "long enough"))


async def test_a_changed_password_fires_its_trigger_and_ends_the_sessions(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        await surfer.code()
        assert "Change your password" in (await surfer.open("/u/change-password")).text
        fields = {"email": ADA.email, "password": PASSWORD, "wanted": "another one"}
        wrong = await surfer.http.post("/u/change-password", data={**fields, "password": "wrong"})
        assert wrong.status_code == 400
        assert "changed" in (await surfer.http.post("/u/change-password", data=fields)).text
        assert "Log in" in (await surfer.authorize()).text
        assert "code" in fields_of(await surfer.sign_in(password="another one"))
        assert await tenant.codes() == ["s", "fcp", "scp", "s"]


async def test_secrets_of_actions_reach_the_token_but_neither_the_log_nor_the_database(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f" api.idToken.setCustomClaim('{CLAIM}', event.secrets.KEY); console.log(event.secrets.KEY);"
            " api.user.setAppMetadata('key', event.secrets.KEY); api.session.setMetadata('key', event.secrets.KEY); };",
            secrets={"KEY": "very-secret-value"},
        )
        code = await tenant.surfer().code()
        assert "very-secret-value" not in str(await tenant.logs())
        files = [path for path in (tmp_path / "local").iterdir() if path.is_file()]
        assert not any(b"very-secret-value" in path.read_bytes() for path in files)
        assert (await id_token(tenant, code))[CLAIM] == "very-secret-value"
