"""From the calls of actions to their effects, one call after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from reconciler.catalogue import method_limits
from reconciler.catalogue.claims import allowed_claim
from reconciler.engine.effects.addresses import with_query
from reconciler.model.effects import Effects
from reconciler.model.execution import Call

Changes = Mapping[str, Any]
Rule = Callable[[Effects, Sequence[Any]], Changes]

FACTORS = frozenset(
    f"authentication.{name}" for name in ("challengeWith", "challengeWithAny", "enrollWith", "enrollWithAny")
)

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def folded(effects: Effects, calls: Iterable[Call], requested: Sequence[str] = ()) -> Effects:
    """The effects after those calls: folding two runs of calls one after the other is folding them at once.

    `requested` are the scopes that were asked for: what is added or removed is relative to them. Arguments are taken as
    valid, since the host checks them where the call is made; calls that have no effect on the outcome change nothing.
    """
    return reduce(lambda so_far, call: _after(so_far, call, requested), calls, effects)


def kept_calls(calls: Sequence[Call]) -> Sequence[Call]:
    """The calls of one action without those that another of them undoes: user metadata set in the same action as the
    primary user is lost (limits of setPrimaryUser)."""
    if not any(call.method == "authentication.setPrimaryUser" for call in calls):
        return calls
    return [call for call in calls if call.method != "user.setUserMetadata"]


def _after(effects: Effects, call: Call, requested: Sequence[str]) -> Effects:
    scopes = _SCOPES.get(call.method)
    if scopes is not None:
        before = effects.scopes if effects.scopes is not None else tuple(requested)
        return effects.model_copy(update={"scopes": scopes(before, call.args)})
    if call.method.startswith("samlResponse."):
        return effects.model_copy(update={"saml": _saml(effects.saml, call)})
    rule = _RULES.get(call.method)
    return effects.model_copy(update=dict(rule(effects, call.args))) if rule else effects


def _claim(token: str) -> Rule:
    def rule(effects: Effects, args: Sequence[Any]) -> Changes:
        if len(args) < 2:  # an undefined value: there is nothing to put on the token
            return {}
        name, value = args[0], args[1]
        if not allowed_claim(name):
            return {"dropped": (*effects.dropped, *((name,) if name not in effects.dropped else ()))}
        return {token: {**getattr(effects, token), name: value}}

    return rule


def _key(field: str) -> Rule:
    """One key of metadata; an undefined value is as good as null, which removes the key."""
    return lambda effects, args: {field: {**getattr(effects, field), args[0]: _at(args, 1)}}


def _within(field: str, name: str) -> Rule:
    """One named setting of the session or the refresh token; the last call counts."""
    return lambda effects, args: {field: {**getattr(effects, field), name: args[0]}}


def _earliest(field: str, name: str) -> Rule:
    """The earliest of several calls counts: documented for the absolute end, and taken over for the idle one."""

    def rule(effects: Effects, args: Sequence[Any]) -> Changes:
        before = getattr(effects, field)
        return {field: {**before, name: min(before.get(name, args[0]), args[0])}}

    return rule


def _pair(field: str) -> Rule:
    """A pair of the metadata of the session or the refresh token; None removes it."""

    def rule(effects: Effects, args: Sequence[Any]) -> Changes:
        before = getattr(effects, field)
        return {field: {**before, "metadata": {**before.get("metadata", {}), args[0]: _at(args, 1)}}}

    return rule


def _evicted(field: str) -> Rule:
    return lambda effects, args: {field: {**getattr(effects, field), "evicted": True, "metadata": {}}}


def _revoked(field: str) -> Rule:
    def rule(effects: Effects, args: Sequence[Any]) -> Changes:
        kept = bool((_at(args, 1) or {}).get("preserveRefreshTokens"))
        return {
            field: {**getattr(effects, field), "revoked": args[0], **({"keeps_refresh_tokens": True} if kept else {})}
        }

    return rule


def _outcome(kind: str) -> Rule:
    """The last of drop and retry counts; the reason is cut."""
    return lambda effects, args: {
        "notification": kind,
        "notification_reason": str(_at(args, 0) or "")[: method_limits.NOTIFICATION_REASON_CHARACTERS],
    }


def _saml(before: Mapping[str, Any], call: Call) -> Changes:
    name = call.method.removeprefix("samlResponse.set")
    if name == "Attribute":
        return {**before, "attributes": {**before.get("attributes", {}), call.args[0]: _at(call.args, 1)}}
    return {**before, _CAPITAL.sub(r"_\1", name).lower(): _at(call.args, 0)}


def _at(args: Sequence[Any], index: int) -> Any:
    return args[index] if index < len(args) else None


def _added(before: tuple[str, ...], args: Sequence[Any]) -> tuple[str, ...]:
    return before if args[0] in before else (*before, args[0])


def _removed(before: tuple[str, ...], args: Sequence[Any]) -> tuple[str, ...]:
    return tuple(scope for scope in before if scope != args[0])


_SCOPES: Mapping[str, Callable[[tuple[str, ...], Sequence[Any]], tuple[str, ...]]] = {
    "accessToken.addScope": _added,
    "accessToken.removeScope": _removed,
    "transaction.addTargetScope": _added,
    "transaction.removeTargetScope": _removed,
    "transaction.setTargetScopes": lambda before, args: tuple(dict.fromkeys(args[0])),
    "transaction.clearTargetScopes": lambda before, args: (),
}

_RULES: Mapping[str, Rule] = {
    "idToken.setCustomClaim": _claim("id_token"),
    "accessToken.setCustomClaim": _claim("access_token"),
    "user.setUserMetadata": _key("user_metadata"),
    "user.setAppMetadata": _key("app_metadata"),
    "transaction.setMetadata": _key("transaction_metadata"),
    "transaction.setResultUrl": lambda effects, args: {
        "result_url": with_query(args[0], (_at(args, 1) or {}).get("query"))
    },
    "authentication.setPrimaryUser": lambda effects, args: {"primary_user": args[0]},
    "authentication.recordMethod": lambda effects, args: {"methods": (*effects.methods, args[0])},
    "authentication.setUserById": lambda effects, args: {"user": {"id": args[0]}},
    "authentication.setUserByConnection": lambda effects, args: {
        "user": {"connection": args[0], "attributes": _at(args, 1) or {}, "options": _at(args, 2) or {}}
    },
    "authentication.setOrganization": lambda effects, args: {"organization": args[0]},
    "authentication.setActor": lambda effects, args: {"actor": args[0]},
    **{method: lambda effects, args: {"factors": effects.factors + 1} for method in FACTORS},
    "multifactor.enable": lambda effects, args: {"multifactor": {"provider": args[0], "options": _at(args, 1) or {}}},
    "session.setExpiresAt": _earliest("session", "expires_at"),
    "session.setIdleExpiresAt": _earliest("session", "idle_expires_at"),
    "session.setCookieMode": _within("session", "cookie_mode"),
    "session.setMetadata": _pair("session"),
    "session.deleteMetadata": _pair("session"),
    "session.evictMetadata": _evicted("session"),
    "session.revoke": _revoked("session"),
    "refreshToken.setExpiresAt": _earliest("refresh_token", "expires_at"),
    "refreshToken.setIdleExpiresAt": _earliest("refresh_token", "idle_expires_at"),
    "refreshToken.setMetadata": _pair("refresh_token"),
    "refreshToken.deleteMetadata": _pair("refresh_token"),
    "refreshToken.evictMetadata": _evicted("refresh_token"),
    "refreshToken.revoke": _revoked("refresh_token"),
    "notification.drop": _outcome("drop"),
    "notification.retry": _outcome("retry"),
}
