"""How `/oauth/token` says no (wire.md, section 5: `error` and `error_description`).

Statuses where the sources name none are the platform's usual ones: 403 for a grant that is no good or not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk
from reconciler.local.login.users import User
from reconciler.local.wire.call import Answer
from reconciler.model.execution import FlowRun

_STATUS: Mapping[str, int] = {
    "invalid_client": 401,
    "invalid_grant": 403,
    "unauthorized_client": 403,
    "access_denied": 403,
    "mfa_required": 403,
    "interaction_required": 403,
    "unauthorized": 403,
    "server_error": 500,
}

UNREADABLE = "The body must be JSON or form fields, each of them text that is there once."


def error(code: str, description: str) -> Answer:
    """An OAuth error with its status; 400 for every code that has none of its own."""
    return Answer(_STATUS.get(code, 400), {"error": code, "error_description": description})


def flow_error(run: FlowRun, *, chosen: bool = False) -> Answer:
    """What the application hears of a flow that was refused or failed.

    With `chosen` the action chose the error itself (credentials-exchange, custom-token-exchange); else it is
    access_denied, but for what the platform itself says. An action that threw is a server_error: no source says what
    the platform answers, and the application did nothing wrong.
    """
    said = run.user_message or run.reason
    if run.status == "failed":
        return error(run.code if chosen and run.code else "server_error", said)
    own = run.code and (chosen or run.code in ("interaction_required", "mfa_required"))
    return error(run.code if own else "access_denied", said)


async def refused(
    desk: Desk, caller: Caller, client: Client, user: User | None, log_code: str, code: str, said: str
) -> Answer:
    """A refusal that no flow logged: it leaves an entry."""
    await desk.log(log_code, said, caller, client=client, user=user)
    return error(code, said)
