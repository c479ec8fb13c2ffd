"""What the calls of actions come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalogue.claims import RESTRICTED, allowed_claim
from reconciler.catalogue.triggers import triggers
from reconciler.engine.effects.addresses import with_query
from reconciler.engine.effects.arguments import sound
from reconciler.engine.effects.counted import counted
from reconciler.engine.effects.ending import Ending, cannot_wait, completion, denial, waits
from reconciler.engine.effects.folding import folded, kept_calls
from reconciler.engine.effects.onward import event_on_return, next_event
from reconciler.model.effects import Effects
from reconciler.model.execution import CODE_FIRST, DENY, Call

NOW = "2026-11-22T08:01:12.000Z"


def call(method: str, *args: Any) -> Call:
    return Call(method=method, args=args)


def effects(*calls: Call, requested: tuple[str, ...] = ("openid", "email")) -> Effects:
    return folded(Effects(), calls, requested)


TEXT = st.sampled_from(["a", "b", "sub", "https://acme.example/tier"])
CALLS = st.one_of(
    st.builds(call, st.sampled_from(["idToken.setCustomClaim", "accessToken.setCustomClaim"]), TEXT, st.integers()),
    st.builds(call, st.sampled_from(["accessToken.addScope", "accessToken.removeScope"]), TEXT),
    st.builds(call, st.sampled_from(["user.setAppMetadata", "transaction.setMetadata"]), TEXT, st.none() | TEXT),
    st.builds(call, st.sampled_from(["session.setMetadata", "refreshToken.setMetadata"]), TEXT, st.none() | TEXT),
    st.builds(call, st.sampled_from(["session.setExpiresAt", "refreshToken.setIdleExpiresAt"]), st.integers(1, 9)),
    st.builds(call, st.sampled_from(["session.evictMetadata", "transaction.clearTargetScopes", "cache.get"])),
    st.builds(call, st.sampled_from(["notification.drop", "notification.retry"]), TEXT),
    st.builds(call, st.just("samlResponse.setAttribute"), TEXT, TEXT),
)


@given(st.lists(CALLS), st.lists(CALLS))
def test_the_effects_of_two_actions_are_those_of_all_their_calls_at_once(first: list[Call], second: list[Call]) -> None:
    requested = ("a", "openid")
    assert folded(folded(Effects(), first, requested), second, requested) == folded(
        Effects(), [*first, *second], requested
    )


@given(st.lists(CALLS))
def test_effects_go_to_json_and_back(calls: list[Call]) -> None:
    come = folded(Effects(), calls)
    assert Effects.model_validate_json(come.model_dump_json()) == come


def test_the_restricted_names_are_the_sixty_of_the_page() -> None:
    assert len(RESTRICTED) == 60


@pytest.mark.parametrize(
    ("name", "reaches"),
    [
        ("tier", True),
        ("https://acme.example/tier", True),
        ("email", True),
        ("sub", False),
        ("roles", False),
        ("https://acme.auth0.com/tier", False),
        ("https://auth0.com/tier", False),
        ("http://x.webtask.io/tier", False),
        ("https://myauth0.com/tier", True),
        ("urn:auth0:tier", False),
        ("urn:acme:tier", True),
        ("https://[bad", True),
    ],
)
def test_a_claim_with_a_name_of_the_platform_is_dropped(name: str, reaches: bool) -> None:
    assert allowed_claim(name) is reaches
    come = effects(call("idToken.setCustomClaim", name, 1), call("idToken.setCustomClaim", name, 2))
    assert (come.id_token, come.dropped) == (({name: 2}, ()) if reaches else ({}, (name,)))


def test_an_undefined_claim_is_no_claim() -> None:
    assert effects(call("idToken.setCustomClaim", "tier")).id_token == {}


def test_scopes_are_relative_to_those_that_were_asked_for() -> None:
    assert effects().scopes is None
    assert effects(call("accessToken.addScope", "read:orders")).scopes == ("openid", "email", "read:orders")
    assert effects(call("accessToken.removeScope", "email"), call("accessToken.addScope", "openid")).scopes == (
        "openid",
    )
    assert effects(call("transaction.setTargetScopes", ["a", "b", "a"])).scopes == ("a", "b")
    assert effects(call("transaction.clearTargetScopes"), call("transaction.addTargetScope", "c")).scopes == ("c",)


def test_the_earliest_expiry_and_the_last_cookie_mode_count() -> None:
    come = effects(
        call("session.setExpiresAt", 9),
        call("session.setExpiresAt", 5),
        call("session.setExpiresAt", 7),
        call("session.setCookieMode", "persistent"),
        call("session.setCookieMode", "non-persistent"),
    )
    assert come.session == {"expires_at": 5, "cookie_mode": "non-persistent"}


def test_pairs_of_a_session_are_set_removed_and_evicted() -> None:
    first = effects(call("session.setMetadata", "a", "1"), call("session.deleteMetadata", "b"))
    assert first.session == {"metadata": {"a": "1", "b": None}}
    after = folded(first, [call("session.evictMetadata"), call("session.setMetadata", "c", "3")])
    assert after.session == {"metadata": {"c": "3"}, "evicted": True}


def test_the_last_of_drop_and_retry_counts_and_its_reason_is_cut() -> None:
    come = effects(call("notification.drop", "no"), call("notification.retry", "x" * 2000))
    assert (come.notification, len(come.notification_reason)) == ("retry", 1024)
    assert effects(call("notification.drop")).notification_reason == ""


def test_saml_settings_are_named_after_what_is_set() -> None:
    come = effects(
        call("samlResponse.setNameIdentifierFormat", "f"),
        call("samlResponse.setAttribute", "dept", ["a", "b"]),
        call("samlResponse.setAttribute", "gone", None),
    )
    assert come.saml == {"name_identifier_format": "f", "attributes": {"dept": ["a", "b"], "gone": None}}


def test_the_user_of_a_token_exchange() -> None:
    assert effects(call("authentication.setUserById", "auth0|1")).user == {"id": "auth0|1"}
    by_connection = call("authentication.setUserByConnection", "db", {"user_id": "1"}, {"updateBehavior": "none"})
    assert effects(by_connection).user == {
        "connection": "db",
        "attributes": {"user_id": "1"},
        "options": {"updateBehavior": "none"},
    }
    assert completion("custom-token-exchange", Effects()).status == "failed"
    assert completion("custom-token-exchange", effects(by_connection)).status == "completed"
    assert completion("post-login", Effects()).status == "completed"


def test_user_metadata_set_beside_the_primary_user_is_lost() -> None:
    metadata = [call("user.setUserMetadata", "a", 1), call("user.setAppMetadata", "b", 2)]
    assert kept_calls(metadata) == metadata
    primary = call("authentication.setPrimaryUser", "auth0|2")
    assert kept_calls([*metadata, primary]) == [metadata[1], primary]


@pytest.mark.parametrize(
    ("trigger", "calls", "ending"),
    [
        ("post-login", [call("access.deny", "no")], Ending("denied", "no")),
        ("post-login", [call("validation.error", "bad", "Sorry")], Ending("denied", "bad", "bad", "Sorry")),
        ("post-login", [call("session.revoke", "stolen", {})], Ending("denied", "stolen")),
        (
            "pre-user-registration",
            [call("access.deny", "spam", "Not you")],
            Ending("denied", "spam", "", "Not you"),
        ),
        ("credentials-exchange", [call("access.deny", "invalid_scope", "x")], Ending("denied", "x", "invalid_scope")),
        (
            "credentials-exchange",
            [call("access.deny", "server_error")],
            Ending("denied", "server_error", "server_error"),
        ),
        ("custom-token-exchange", [call("access.deny", "mine", "why")], Ending("denied", "why", "mine")),
        (
            "custom-token-exchange",
            [call("access.rejectInvalidSubjectToken", "forged")],
            Ending("denied", "forged", "invalid_request"),
        ),
        (
            "post-login",
            [call("redirect.sendUserTo", "https://x.test"), call("access.deny", "no"), call("access.deny", "again")],
            Ending("denied", "no"),
        ),
        ("post-login", [call("redirect.sendUserTo", "https://x.test")], None),
    ],
)
def test_a_refusal_says_why_in_the_words_of_its_trigger(trigger: str, calls: list[Call], ending: Ending | None) -> None:
    assert denial(trigger, calls) == ending


def test_a_denial_begins_with_a_code_where_the_catalogue_says_so() -> None:
    denying = {
        facts.id: (facts.handlers[0], method.params[0].name)
        for facts in triggers().values()
        for method in facts.methods
        if method.name == DENY
    }
    assert {trigger: handler for trigger, (handler, first) in denying.items() if first == "code"} == CODE_FIRST


def test_factors_come_first_and_a_redirect_last() -> None:
    otp, phone = (call("authentication.challengeWith", {"type": kind}) for kind in ("otp", "phone"))
    away, later = call("redirect.sendUserTo", "https://a.test"), call("redirect.sendUserTo", "https://b.test")
    form = call("prompt.render", "ap_1")
    assert waits([away, otp, form, later, phone], {}) == (otp, phone, form, later)
    done = {"authentication": {"methods": [{"name": "mfa", "type": "otp"}]}}
    assert waits([otp, phone], done) == (phone,)


@pytest.mark.parametrize(
    ("method", "event", "code"),
    [
        ("redirect.sendUserTo", {"transaction": {"protocol": "oauth2-resource-owner"}}, "interaction_required"),
        ("prompt.render", {"transaction": {"protocol": "oauth2-refresh-token"}}, "interaction_required"),
        ("authentication.enrollWith", {"transaction": {"protocol": "oauth2-token-exchange"}}, "mfa_required"),
        ("redirect.sendUserTo", {"request": {"query": {"prompt": "none"}}}, "interaction_required"),
        ("authentication.enrollWith", {"transaction": {"prompt": ["none"]}}, "interaction_required"),
        ("redirect.sendUserTo", {"transaction": {"protocol": "oidc-basic-profile", "prompt": ["login"]}}, None),
    ],
)
def test_a_login_without_a_browser_or_without_the_user_cannot_wait(
    method: str, event: dict[str, Any], code: str | None
) -> None:
    ending = cannot_wait(call(method), Effects(), event)
    assert (ending and (ending.status, ending.code)) == (("denied", code) if code else None)


def test_the_fifth_factor_of_a_flow_is_an_authentication_error() -> None:
    asked = [call("authentication.challengeWith", {"type": "otp"})] * 4
    assert cannot_wait(asked[0], effects(*asked), {}) is None
    ending = cannot_wait(asked[0], effects(*asked, asked[0]), {})
    assert ending is not None
    assert (ending.status, ending.code) == ("failed", "authentication_error")


def test_the_next_action_sees_metadata_methods_and_scopes() -> None:
    event = {
        "user": {"email": "ada@acme.example", "app_metadata": {"plan": "gold", "old": 1}, "user_metadata": {}},
        "transaction": {"metadata": {"a": 1}},
        "authentication": {"methods": [{"name": "pwd"}]},
    }
    calls = [
        call("user.setAppMetadata", "plan", {"n": 2}),
        call("user.setAppMetadata", "old", None),
        call("user.setUserMetadata", "color", "teal"),
        call("transaction.setMetadata", "a", None),
        call("transaction.setMetadata", "b", True),
        call("authentication.recordMethod", "https://factor.test"),
    ]
    seen = next_event(event, effects(*calls), calls, NOW)
    assert seen == {
        "user": {
            "email": "ada@acme.example",
            "app_metadata": {"plan": {"n": 2}},
            "user_metadata": {"color": "teal"},
        },
        "transaction": {"metadata": {"b": True}},
        "authentication": {"methods": [{"name": "pwd"}, {"name": "https://factor.test", "timestamp": NOW}]},
    }
    assert event["transaction"] == {"metadata": {"a": 1}}
    machine = {"accessToken": {}, "transaction": {"requested_scopes": ["a"]}}
    added = [call("transaction.addTargetScope", "b")]
    assert next_event(machine, effects(*added, requested=("a",)), added, NOW)["transaction"]["target_scopes"] == [
        "a",
        "b",
    ]


def test_after_the_user_came_back_the_request_is_new() -> None:
    event = {
        "request": {"ip": "203.0.113.7", "method": "POST", "query": {"scope": "openid"}, "body": {"a": 1}},
        "prompt": {"id": "ap_0"},
        "transaction": {"metadata": {"a": 1}},
    }
    back = event_on_return(
        event, call("redirect.sendUserTo", "https://x.test"), "st", {"request": {"query": {"ok": "1"}}}, NOW
    )
    assert back == {
        "request": {"ip": "203.0.113.7", "method": "GET", "query": {"state": "st", "ok": "1"}, "body": {}},
        "transaction": {"metadata": {"a": 1}},
    }


def test_after_a_form_the_prompt_names_it_and_after_a_factor_it_is_among_the_methods() -> None:
    form = call("prompt.render", "ap_1", {"fields": {"company": "?"}, "vars": {"crm": "1"}})
    back = event_on_return({}, form, "st", {"prompt": {"fields": {"company": "Northwind"}}}, NOW)
    assert back["prompt"] == {"id": "ap_1", "fields": {"company": "Northwind"}, "vars": {"crm": "1"}}
    factor = call("authentication.challengeWithAny", [{"type": "phone"}, {"type": "otp"}])
    back = event_on_return({"authentication": {"methods": [{"name": "pwd"}]}}, factor, "st", {}, NOW)
    assert back["authentication"]["methods"] == [{"name": "pwd"}, {"name": "mfa", "timestamp": NOW, "type": "phone"}]


@pytest.mark.parametrize(
    ("url", "query", "whole"),
    [
        ("https://a.test", {"state": "x y"}, "https://a.test?state=x+y"),
        ("https://a.test/p?b=1&state=old#f", {"state": "new"}, "https://a.test/p?b=1&state=new#f"),
        ("https://a.test", {"n": 1, "b": True}, "https://a.test?n=1&b=true"),
        ("https://a.test", None, "https://a.test"),
    ],
)
def test_a_url_gets_its_query(url: str, query: dict[str, Any] | None, whole: str) -> None:
    assert with_query(url, query) == whole


def test_what_limits_are_counted_with_holds_no_value() -> None:
    come = effects(
        call("idToken.setCustomClaim", "key", "hidden-välue"),
        call("session.setMetadata", "a", "hidden-value"),
        call("session.deleteMetadata", "b"),
        call("authentication.setPrimaryUser", "auth0|2"),
    )
    told = counted(come)
    assert "hidden" not in str(told)
    assert told["id_token"] == {"key": len('"hidden-välue"'.encode())}
    assert told["session"] == {"set": ["a"], "gone": ["b"], "evicted": False}
    assert (told["primary_user"], told["user"]) == (True, False)


@pytest.mark.parametrize(
    ("made", "taken"),
    [
        (call("access.deny", "no"), True),
        (call("access.deny"), False),
        (call("access.grant", "yes"), False),
        (call("accessToken.addScope"), False),
        (call("idToken.setCustomClaim", "a"), True),
        (call("authentication.challengeWith", "otp"), False),
        (call("authentication.challengeWith", {}), False),
        (call("authentication.challengeWith", {"type": "otp"}, None), True),
        (call("session.setMetadata", "a", None), True),
        (call("session.setExpiresAt", True), False),
        (call("samlResponse.setAttribute", "a", [1, None, "b"]), True),
        (call("transaction.setMetadata", "a", {}), False),
        (call("cache.set"), True),
    ],
    ids=lambda value: value.method if isinstance(value, Call) else str(value),
)
def test_a_call_that_no_api_would_take_is_left_out(made: Call, taken: bool) -> None:
    assert sound(triggers()["post-login"], [made]) == ((made,) if taken else ())
