"""What a call of api refuses, by throwing: arguments of wrong types, and what is beyond a limit."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

import pytest

from reconciler.engine.effects.counted import counted
from reconciler.local.node.job import Job
from reconciler.model.effects import Effects
from reconciler.model.execution import Execution
from tests.local.actions import action, host, job

CASES: dict[str, tuple[str, str]] = {
    # code of the last statement -> what is thrown; an empty text where it is not
    "api.access.deny()": ("post-login", "TypeError: api.access.deny: reason must be a string, got nothing."),
    "api.access.deny(7)": ("post-login", "TypeError: api.access.deny: reason must be a string, got a number."),
    "api.idToken.setCustomClaim(null, 1)": (
        "post-login",
        "api.idToken.setCustomClaim: key must be a string, got null.",
    ),
    "api.idToken.setCustomClaim('a', undefined)": ("post-login", ""),
    "api.session.setExpiresAt(new Date())": ("post-login", "absolute must be a number, got an object."),
    "api.session.setExpiresAt(NaN)": ("post-login", "absolute must be a number, got NaN."),
    "api.samlResponse.setNameIdentifierProbes('a')": ("post-login", "must be an array of strings, got a string."),
    "api.redirect.sendUserTo('https://x.test', {query: 'a'})": ("post-login", "options.query must be an object"),
    "api.redirect.sendUserTo('https://x.test', null)": ("post-login", ""),
    "api.redirect.sendUserTo('/path')": ("post-login", "needs an absolute URL"),
    "api.redirect.encodeToken({secret: 's'})": ("post-login", "options.payload must be an object, got nothing."),
    "api.authentication.challengeWith({})": ("post-login", "factor.type must be a string, got nothing."),
    "api.authentication.challengeWith({type: 'anything'})": ("post-login", ""),
    "api.authentication.challengeWithAny([])": ("post-login", "needs at least one factor"),
    "api.multifactor.enable('abacus')": ("post-login", "provider must be one of none, guardian"),
    "api.authentication.recordMethod('https://x.test')": ("post-login", "only available inside onContinuePostLogin"),
    "api.authentication.setPrimaryUser('x'.repeat(129))": ("post-login", "characters must not exceed 128, got 129."),
    "for (const n of [1, 2]) api.authentication.setPrimaryUser('a|' + n)": ("post-login", "once only in a transaction"),
    "api.idToken.setCustomClaim('a', 'x'.repeat(99980))": ("post-login", ""),
    "api.idToken.setCustomClaim('a', 'x'.repeat(100000))": ("post-login", "must not exceed 100000"),
    "for (const k of 'ab') api.accessToken.setCustomClaim(k, 'x'.repeat(60000))": ("post-login", "bytes of all claims"),
    "api.user.setAppMetadata('a', 'x'.repeat(32000))": (
        "post-login",
        "bytes written by one flow must not exceed 32000",
    ),
    "api.user.setUserMetadata('a.b', 1)": ("post-login", "must not contain a dot or a dollar sign"),
    "api.transaction.setMetadata('k'.repeat(65), 1)": ("post-login", "characters of a key must not exceed 64"),
    "api.transaction.setMetadata('k', 'x'.repeat(8001))": ("post-login", "bytes of a value must not exceed 8000"),
    "for (const k of 'abc') api.transaction.setMetadata(k, 'x'.repeat(7000))": ("post-login", "must not exceed 16000"),
    "api.transaction.setMetadata('k', 2 ** 53)": ("post-login", "an integer must be a safe one"),
    "api.transaction.setMetadata('k', {})": ("post-login", "value must be string or number or boolean or null"),
    "for (let n = 0; n < 26; n++) api.session.setMetadata('k' + n, 'v')": ("post-login", "not be more than 25 entries"),
    "api.session.setMetadata('k', null)": ("post-login", ""),
    "api.refreshToken.setMetadata('a b', 'v')": ("post-login", "letters, digits, _ and - only"),
    "api.refreshToken.setMetadata('k', 'v'.repeat(256))": ("post-login", "255 characters at most"),
    "api.samlResponse.setKey('x'.repeat(4001))": ("post-login", "bytes must not exceed 4000, got 4001."),
    "api.samlResponse.setNameIdentifierProbes(Array(11).fill('a'))": ("post-login", "probes must not exceed 10"),
    "for (let n = 0; n < 101; n++) api.samlResponse.setAttribute('a' + n, 1)": (
        "post-login",
        "attributes must not exceed",
    ),
    "for (let n = 0; n < 6; n++) api.samlResponse.setAttribute('a' + n, 'x'.repeat(1999))": (
        "post-login",
        "bytes in all",
    ),
    "api.roles.getUserEffectiveRolesByNames(Array(51).fill('a'))": ("post-login", "names must not exceed 50, got 51."),
    "api.access.deny('teapot', 'x')": ("credentials-exchange", "code must be one of invalid_scope, invalid_request"),
    "api.access.deny('server_error')": ("credentials-exchange", ""),
    "api.access.deny('own', 'x')": ("custom-token-exchange", ""),
    "for (const n of [1, 2]) api.authentication.setUserById('a|' + n)": ("custom-token-exchange", "and once only"),
    "api.authentication.setOrganization('org_2')": ("custom-token-exchange", "the request names another organization"),
    "api.authentication.setOrganization('acme')": ("custom-token-exchange", ""),
    "api.authentication.setActor({sub: '1', a: 1, b: 2, c: 3, d: 4, e: 5, f: 6})": (
        "custom-token-exchange",
        "exceed 5",
    ),
    "let a = {sub: 's'}; for (let n = 0; n < 5; n++) a = {sub: 's', act: a}; api.authentication.setActor(a)": (
        "custom-token-exchange",
        "parties must not exceed 5, got 6.",
    ),
    "api.notification.drop()": ("custom-email-provider", ""),
    "api.cache.set('k', 7)": ("post-login", ""),
}
EVENT = {"organization": {"id": "org_1", "name": "acme"}, "transaction": {"metadata": {}}, "request": {"query": {}}}


@cache
def ended() -> dict[str, Execution]:
    """What each of them did, all in one process."""

    async def run() -> dict[str, Execution]:
        async with host() as running:
            return {code: await running.run(_job(code, trigger)) for code, (trigger, _) in CASES.items()}

    return asyncio.run(run())


def _job(code: str, trigger: str, **more: Any) -> Job:
    return job("", code=action(code), key="all", domain="all", fresh=True, trigger=trigger, event=EVENT, **more)


@pytest.mark.parametrize("code", CASES)
def test_a_call_that_the_platform_does_not_take_throws_and_names_what_is_wrong(code: str) -> None:
    execution, expected = ended()[code], CASES[code][1]
    if not expected:
        assert execution.error is None
        return
    assert execution.error is not None
    assert expected in f"{execution.error.name}: {execution.error.message}"
    assert execution.error.line == 2


def test_what_is_refused_is_not_recorded_and_an_action_may_catch_it() -> None:
    execution = asyncio.run(_one("try { api.access.deny(7) } catch (error) { api.access.deny('caught') }"))
    assert [call.args for call in execution.calls] == [("caught",)]


def test_limits_are_counted_with_what_earlier_actions_did() -> None:
    so_far = counted(
        Effects(
            id_token={"a": "x" * 99_000},
            primary_user="auth0|1",
            session={"metadata": {f"k{n}": "v" for n in range(25)}},
        )
    )
    for code in (
        "api.idToken.setCustomClaim('b', 'x'.repeat(2000))",
        "api.authentication.setPrimaryUser('auth0|2')",
        "api.session.setMetadata('new', 'v')",
    ):
        assert asyncio.run(_one(code)).error is None
        assert asyncio.run(_one(code, so_far=so_far)).error is not None


def test_transaction_metadata_and_target_scopes_are_seen_at_once() -> None:
    code = """
    api.transaction.setMetadata('a', 1); api.transaction.setMetadata('b', 2); api.transaction.setMetadata('b', null);
    console.log(JSON.stringify(event.transaction.metadata));
    """
    assert asyncio.run(_one(code)).console == ('{"a":1}',)
    machine = """
    api.transaction.addTargetScope('c'); api.transaction.removeTargetScope('a');
    console.log(event.transaction.target_scopes); api.transaction.setTargetScopes(['x', 'x']);
    console.log(event.transaction.target_scopes); api.transaction.clearTargetScopes();
    console.log(event.transaction.target_scopes);
    """
    event = {"transaction": {"requested_scopes": ["a", "b"]}}
    execution = asyncio.run(_one(machine, trigger="credentials-exchange", event=event))
    assert execution.console == ("[ 'b', 'c' ]", "[ 'x' ]", "[]")


@pytest.mark.parametrize(
    ("event", "may"),
    [
        ({"transaction": {"protocol": "oidc-basic-profile"}}, "true"),
        ({"transaction": {"protocol": "oauth2-refresh-token"}}, "false"),
        ({"transaction": {"protocol": "oauth2-token-exchange"}}, "false"),
        ({"transaction": {"prompt": ["none"]}}, "false"),
        ({"request": {"query": {"prompt": "none"}}}, "false"),
    ],
)
def test_whether_a_login_can_be_redirected(event: dict[str, Any], may: str) -> None:
    execution = asyncio.run(_one("console.log(api.redirect.canRedirect())", event=event))
    assert execution.console == (may,)


async def _one(code: str, **changes: Any) -> Execution:
    async with host() as running:
        return await running.run(job(code, **{"event": EVENT, **changes}))
