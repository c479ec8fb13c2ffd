"""How a flow goes on after the calls of one action: it is refused, it waits for the user, or the next one runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Literal, NamedTuple

from reconciler.catalogue import method_limits
from reconciler.engine.effects.folding import FACTORS
from reconciler.model.effects import Effects
from reconciler.model.execution import CODE_FIRST, DENY, Call

Status = Literal["completed", "denied", "failed", "suspended"]

REDIRECT = "redirect.sendUserTo"
FORM = "prompt.render"

_NOT_INTERACTIVE = frozenset(
    {"oauth2-resource-owner", "oauth2-password", "oauth2-refresh-token", "oauth2-token-exchange"}
)
"""Protocols without a browser. The redirect page names the password and the refresh token grant; of a token exchange
the trigger's notes say that factors make it fail, and there is no browser to send anywhere."""


class Ending(NamedTuple):
    """How a flow ended, and why; the fields are those of FlowRun."""

    status: Status
    reason: str = ""
    code: str = ""
    user_message: str = ""


def denial(trigger: str, calls: Sequence[Call]) -> Ending | None:
    """How the flow ends by the first refusal among the calls of one action, or None.

    A refusal counts even where the action sends the user elsewhere as well: what was refused must not go on.
    """
    call = refusal(calls)
    return _refused(trigger, call) if call else None


def refusal(calls: Iterable[Call]) -> Call | None:
    """The first refusal among the calls of one action, or None."""
    return next((call for call in calls if call.method in _REFUSALS), None)


def waits(calls: Sequence[Call], event: Mapping[str, Any]) -> tuple[Call, ...]:
    """What the user has to do before the flow goes on, in order.

    Every factor that was asked for, one after the other (Customize MFA Selection: several commands in one action are
    carried out in sequence), without a challenge of a factor that the event has among its methods already; then the
    last form and the last redirect, since a redirect is "the final command". Whether the user has enrolled in a factor
    is not looked at: an embedded tenant has no factors, and who asks it for one wants to see what comes after.
    """
    done = {each.get("type") for each in (event.get("authentication") or {}).get("methods") or ()}
    factors = tuple(call for call in calls if call.method in FACTORS and not _is_done(call, done))
    forms = tuple(call for call in calls if call.method == FORM)
    redirects = tuple(call for call in calls if call.method == REDIRECT)
    return (*factors, *forms[-1:], *redirects[-1:])


def cannot_wait(waiting: Call, effects: Effects, event: Mapping[str, Any]) -> Ending | None:
    """How the flow ends where it must not wait for that, or None where it may.

    `interaction_required` for a redirect where there is no browser to redirect, and for prompt=none (the method's
    limits); `mfa_required` is what a token endpoint says of a factor. The fifth factor of a flow "gives an
    authentication error", which is no denial by an action.
    """
    if effects.factors > method_limits.FACTORS_PER_FLOW:
        reason = f"More than {method_limits.FACTORS_PER_FLOW} factors were asked for in one flow."
        return Ending("failed", reason, "authentication_error")
    transaction, query = event.get("transaction") or {}, (event.get("request") or {}).get("query") or {}
    if transaction.get("protocol") in _NOT_INTERACTIVE:
        code = "mfa_required" if waiting.method in FACTORS else "interaction_required"
        return Ending("denied", f"{waiting.method} needs a browser, which this grant does not have.", code)
    if query.get("prompt") == "none" or "none" in (transaction.get("prompt") or ()):
        return Ending("denied", f"{waiting.method} needs the user, whom prompt=none keeps out.", "interaction_required")
    return None


def completion(trigger: str, effects: Effects) -> Ending:
    """How a flow ends that nobody stopped: a token exchange fails unless an action picked its user."""
    if trigger == "custom-token-exchange" and not effects.user:
        return Ending("failed", "No action picked a user with setUserById or setUserByConnection.", "invalid_request")
    return Ending("completed")


def _is_done(call: Call, done: Set[Any]) -> bool:
    """A challenge of one factor that was passed is skipped (the method's limits)."""
    return call.method == "authentication.challengeWith" and call.args[0].get("type") in done


def _refused(trigger: str, call: Call) -> Ending:
    first, second = call.texts
    if call.method == "validation.error":
        return Ending("denied", first, first, second)  # the code goes to the log, the message to the user
    if call.method == "access.rejectInvalidSubjectToken":
        return Ending("denied", first, "invalid_request")
    if call.method == DENY and trigger in CODE_FIRST:
        return Ending("denied", second or first, first)
    return Ending("denied", first or call.method, "", second if trigger == "pre-user-registration" else "")


_REFUSALS = frozenset(
    {DENY, "access.rejectInvalidSubjectToken", "validation.error", "session.revoke", "refreshToken.revoke"}
)
