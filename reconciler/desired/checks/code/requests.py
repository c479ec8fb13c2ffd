"""Requests that the code sends: in clear, or awaited for as long as the other side likes."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.desired.checks.code.source import Source
from reconciler.errors import Diagnostic

_LIMITS = {
    "axios": "Give it a limit: `timeout: 5000`, or `signal: AbortSignal.timeout(5000)`.",
    "got": "Give it a limit: `timeout: {request: 5000}`.",
}
_LIMIT = "Give it a limit: `signal: AbortSignal.timeout(5000)`."


def request_findings(source: Source) -> Iterator[Diagnostic]:
    """Requests over plain http to anything but the machine itself, and awaited ones without a time limit."""
    for plain in source.facts.plain:
        whom = f" to {plain.what}" if plain.what else ""
        message = f"this request{whom} is sent in clear: everyone on its way can read and change it."
        yield source.finding("R050", plain.at, message, "Use https.")
    for untimed in source.facts.untimed:
        message = f"nothing limits how long this {untimed.what} is awaited: where no answer comes, the run fails."
        yield source.finding("R051", untimed.at, message, _LIMITS.get(untimed.what.partition(".")[0], _LIMIT))
