"""The entries that a flow leaves in the tenant log (logs.md, sections 2, 3 and 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.catalogue.triggers import TriggerFacts
from reconciler.engine.effects.ending import Ending
from reconciler.local.flow.run_record import Step, about_event, failure_entry, masked_value
from reconciler.local.flow.running import Course
from reconciler.local.state.tenant_log import Entry

_WORDS = {"s": "Successful login"}

_BY_PROTOCOL = {
    "oauth2-refresh-token": ("sertft", "fertft"),
    "oauth2-resource-owner": ("sepft", "f"),
    "oauth2-password": ("sepft", "f"),
    "oauth2-token-exchange": ("", "fecte"),
}
"""post-login also runs where tokens are exchanged; those have codes of their own. Of a token exchange the flow of
custom-token-exchange, which ran before, has told the success already."""

_SILENT = ("ssa", "fsa")
"""A login with prompt=none."""

_REVOKED = {"session": "session_revoked", "refresh_token": "srrt"}
_PROVIDERS = {"custom-phone-provider": "phone", "custom-email-provider": "email"}


@dataclass(frozen=True)
class Told:
    """What the log is told of a flow: `steps` of this passage, `began` and `ended` of the whole as instants."""

    course: Course
    steps: Sequence[Step]
    ending: Ending
    execution_id: str
    began: int
    ended: int


def entries(told: Told) -> Iterator[Entry]:
    """The entries in the order in which they are written; the last one is the flow's own, where it has one."""
    about = {key: masked_value(value, told.course.hidden) for key, value in about_event(told.course.event).items()}
    for step in told.steps:
        failure = failure_entry(told.execution_id, told.course.facts.id, step, about)
        if failure:
            yield failure
    yield from _revocations(told, about)
    own = _notification(told, about) if told.course.facts.id in _PROVIDERS else _flow(told, about)
    if own:
        yield own


def _revocations(told: Told, about: Mapping[str, Any]) -> Iterator[Entry]:
    for field, code in _REVOKED.items():
        revoked = getattr(told.course.effects, field).get("revoked")
        if revoked is not None and told.ending.status == "denied":
            yield Entry(code, masked_value(str(revoked), told.course.hidden), _details(told), about)


def _flow(told: Told, about: Mapping[str, Any]) -> Entry | None:
    """The entry of the flow itself, with the first code that the catalogue names for its end.

    None where the platform documents no code for that end (event-stream, post-challenge …), and for a suspended flow,
    which has not ended.
    """
    code = _code(told.course, told.ending)
    if told.ending.status == "suspended" or not code:
        return None
    reason = masked_value(told.ending.reason, told.course.hidden)
    details = _details(told)
    if told.ending.status != "completed":
        details["error"] = {"message": reason}
    return Entry(code, reason or _WORDS.get(code, ""), details, about)


def _code(course: Course, ending: Ending) -> str:
    facts, event = course.facts, course.event
    failed = ending.status != "completed"
    if facts.id == "post-login":
        transaction = event.get("transaction") or {}
        known = _BY_PROTOCOL.get(transaction.get("protocol", ""))
        silent = "none" in (transaction.get("prompt") or ())
        if known or silent:
            return (known or _SILENT)[failed]
    codes = facts.log_failure if failed else facts.log_success
    if facts.id == "send-phone-message" and (event.get("message_options") or {}).get("message_type") == "voice":
        codes = codes[1:]
    return codes[0] if codes else ""


def _notification(told: Told, about: Mapping[str, Any]) -> Entry | None:
    """`fn` for a message that was dropped, is to be tried again, or whose action threw; a success leaves none."""
    effects, ending = told.course.effects, told.ending
    if not effects.notification and ending.status == "completed":
        return None
    reason = masked_value(ending.reason or effects.notification_reason, told.course.hidden)
    facts: TriggerFacts = told.course.facts
    notification = told.course.event.get("notification") or {}
    details = {
        **_details(told),
        "notification_type": _PROVIDERS[facts.id],
        "email_type": notification.get("message_type", ""),
        "to": notification.get("to") or notification.get("recipient", ""),
        "error": reason,
    }
    return Entry(facts.log_failure[0], reason, details, about)


def _details(told: Told) -> dict[str, Any]:
    began, ended = told.began // 1_000_000, told.ended // 1_000_000
    details: dict[str, Any] = {"initiatedAt": began, "completedAt": ended, "elapsedTime": ended - began}
    if told.execution_id:
        details["actions"] = {"executions": [told.execution_id]}
    return details
