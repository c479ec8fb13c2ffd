"""What looks like a secret in code is told by its place and kind, and nothing else is."""

from __future__ import annotations

import base64
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalogue import limits
from reconciler.catalogue.token_formats import TOKEN_FORMATS
from reconciler.engine.leaks import found, tokens

VALUE = 'top "secret"/tök+en\n2'
SIGNS = "A1b2C3d4E5f6G7h8J9k0LmNpQrStUvWxYzaBcDeFgHiKlMnOpQ" * 2
HEX = "0123456789abcdef" * 4
BASE32 = "ABCDEFGHIJKLMN234567"

# The tokens are put together here: no file of this repository holds one, for scanners of others read it, too.
TOKENS = {
    "a Slack token": ["xoxb-" + "123456789012-1234567890123-" + SIGNS[:24], "xoxe.xoxp-" + "1-" + SIGNS[:30]],
    "a Slack app token": ["xapp-1-A0B1C2D3E-" + "1234567890-" + HEX],
    "a Slack webhook URL": ["https://hooks.slack.com/" + "services/T0A1B2C3D/B0A1B2C3D/" + SIGNS[:24]],
    "an AWS access key": ["AKIA" + BASE32[:16]],
    "a GitHub token": ["ghp_" + SIGNS[:36], "ghs_" + SIGNS[:36], "github_" + "pat_" + SIGNS[:82]],
    "a GitLab token": ["glpat-" + SIGNS[:20]],
    "a Stripe key": ["sk_" + "live_" + SIGNS[:24], "rk_" + "test_" + SIGNS[:24]],
    "a Stripe webhook secret": ["whsec_" + SIGNS[:32]],
    "a SendGrid key": ["SG." + SIGNS[:22] + "." + SIGNS[:43]],
    "a Twilio key": ["SK" + HEX[:32]],
    "a Google API key": ["AIza" + SIGNS[:35]],
    "a Google OAuth client secret": ["GOCSPX-" + SIGNS[:28]],
    "a private key": [
        "-----BEGIN " + "PRIVATE KEY-----\\n" + SIGNS[:64] + "\\n",
        "-----BEGIN RSA " + "PRIVATE KEY-----' +\n  '" + SIGNS[:64],
    ],
    "a JSON Web Token": ["eyJ" + SIGNS[:20] + ".eyJ" + SIGNS[:30] + "." + SIGNS[:43]],
    "an npm token": ["npm_" + SIGNS[:36]],
    "an age key": ["AGE-SECRET-" + "KEY-1" + (BASE32 * 3)[:58]],
    "a Mailchimp key": [HEX[:32] + "-us12"],
    "an OpenAI key": ["sk-" + "proj-" + SIGNS[:20] + "T3Blbk" + "FJ" + SIGNS[:20]],
    "an Anthropic key": ["sk-ant-" + "api03-" + SIGNS[:93] + "AA"],
}
ALL = [(kind, token) for kind, tokens in TOKENS.items() for token in tokens]
HARMLESS = [
    "const key = event.secrets.STRIPE_KEY;",
    "// put your token here: xoxb-your-token-goes-here-please",
    "const hook = 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';",
    "const key = 'AKIAIOSFODNN7EXAMPLE';",
    "// glpat-your-personal-access-token",
    "const key = 'sk_test_xxxxxxxxxxxxxxxxxxxxxxxx';",
    "const etag = 'd41d8cd98f00b204e9800998ecf8427e';",
    "const secretDigest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';",
    "const publicKey = '-----BEGIN PUBLIC KEY-----';",
    "const pem = `-----BEGIN PRIVATE KEY-----\\n${event.secrets.KEY}\\n-----END PRIVATE KEY-----`;",
    "const name = 'glide-path-of-the-long-night-train';",
    "const clientSecret = event.secrets.CLIENT_SECRET;",
    "skip(npm_config_registry, ghp, SKU)",
    "",
]


@pytest.mark.parametrize(("kind", "token"), ALL, ids=[kind for kind, _ in ALL])
def test_a_token_is_known_by_its_form(kind: str, token: str) -> None:
    assert list(found(f"// code\nconst it = '{token}';\n", {})) == [(2, kind)]


def test_every_form_has_an_example() -> None:
    assert {form.kind for form in TOKEN_FORMATS} == {*TOKENS, "a client secret"}


@pytest.mark.parametrize("again", ["secret", "glpat-", "eyJa.", "sk-a", "secret = '", "xoxb-1-"])
def test_code_that_almost_matches_again_and_again_is_searched_at_once(again: str) -> None:
    began = time.perf_counter()
    assert list(found(again * (limits.CODE_BYTES // len(again)), {})) == []
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("form", ["const clientSecret = '{}'", '{{"client_secret": "{}"}}', "opts.SECRET_KEY = `{}`"])
def test_64_signs_are_a_client_secret_where_the_name_says_so(form: str) -> None:
    assert list(found(form.format(SIGNS[:62] + "_-"), {})) == [(1, "a client secret")]
    assert list(found(form.replace("ecret", "alue").replace("ECRET", "ALUE").format(SIGNS[:62] + "_-"), {})) == []


@pytest.mark.parametrize("code", HARMLESS)
def test_what_is_no_token_is_left_alone(code: str) -> None:
    assert list(found(code, {})) == []


RAW = VALUE.encode()
WRITTEN = {
    "as it is": VALUE,
    "in single quotes": VALUE.replace("\n", "\\n"),
    "in double quotes": VALUE.replace('"', '\\"').replace("\n", "\\n"),
    "URL-encoded": quote(VALUE, safe=""),
    "base64": base64.b64encode(RAW).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(RAW).decode().rstrip("="),
    "within base64": base64.b64encode(b"user:" + RAW + b":x").decode(),
    "hex": RAW.hex(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_the_value_of_a_secret_is_found_however_it_is_written(form: str) -> None:
    code = f"// one\n// two\nconst it = `{WRITTEN[form]}`;\n"
    assert list(found(code, {"TOKEN": VALUE})) == [(3, "the value of the secret TOKEN")]


@pytest.mark.parametrize("code", ["const production = 1;", "reproduction()", "// nothing"])
def test_a_short_value_within_a_longer_word_is_chance(code: str) -> None:
    assert list(found(code, {"STAGE": "product"})) == []


def test_a_short_value_by_itself_is_found_and_a_very_short_one_is_not() -> None:
    assert [line for line, _ in found("x = 'hunter2';", {"PASSWORD": "hunter2"})] == [1]
    assert list(found("x = 'info';", {"LEVEL": "info"})) == []


def test_a_line_of_a_key_gives_it_away_and_its_frame_does_not() -> None:
    key = f"-----BEGIN EC KEY-----\n{SIGNS[:64]}\n{HEX}\nshort\n-----END EC KEY-----\n"
    code = f"const key = '-----BEGIN EC KEY-----' +\n  'short' +\n  '{SIGNS[:64]}';\n"
    assert list(found(code, {"KEY": key})) == [(3, "the value of the secret KEY")]
    assert next(found(f"`{key.strip()}`", {"KEY": key})) == (1, "the value of the secret KEY")


def test_every_line_is_told_once_in_order() -> None:
    token = TOKENS["a Stripe key"][0]
    code = f"'{token}'\n'{VALUE}'\n'{token}' + '{token}'\n"
    told = [(1, "a Stripe key"), (2, "the value of the secret A"), (4, "a Stripe key")]
    assert list(found(code, {"A": VALUE})) == told
    assert list(found(f"'{token}'", {"A": token})) == [(1, "the value of the secret A")]


VALUES = st.text(st.characters(codec="utf-8"), min_size=8).filter(lambda text: text == text.strip())


@given(VALUES, st.text(), st.text(), st.integers(0, 3), st.integers(0, 3))
def test_a_value_is_found_in_whatever_base64_text_holds_it(
    value: str, before: str, after: str, left: int, right: int
) -> None:
    inner = b"a" * left + value.encode() + b"z" * right
    code = f"{before} '{base64.b64encode(inner).decode()}' {after}"
    assert any(what == "the value of the secret X" for _, what in found(code, {"X": value}))


@given(st.text(min_size=6), st.text())
def test_what_is_told_never_holds_the_value(value: str, around: str) -> None:
    for _, what in found(f"{around}'{value}'{around}", {"X": value}):
        assert what in {"the value of the secret X", *TOKENS, "a client secret"}


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\u2029"], ids=ascii)
def test_lines_are_those_of_javascript(end: str) -> None:
    token = TOKENS["a GitHub token"][0]
    code = f"// a form feed \f and a next line \x85 end none{end}{end}  const key = '{token}';"
    assert list(found(code, {})) == [(3, "a GitHub token")]
    assert list(tokens(code)) == [(3, 16, "a GitHub token")]
