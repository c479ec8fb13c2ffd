"""What the code of an action did when it ran."""

from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from reconciler.model.effects import Effects, Suspension
from reconciler.model.frozen import Frozen

DENY = "access.deny"

CODE_FIRST = MappingProxyType(
    {
        "credentials-exchange": "onExecuteCredentialsExchange",
        "custom-token-exchange": "onExecuteCustomTokenExchange",
    }
)
"""Triggers whose access.deny takes (code, reason), where a machine asks for a token or one is exchanged; each with its
handler."""


class Call(Frozen):
    """One call on `api`: the method's path below api, and its arguments. `line` and `column` are where code.js made it,
    known for cases only, 0 elsewhere."""

    method: str
    args: tuple[Any, ...] = ()
    line: int = 0
    column: int = 0

    @property
    def texts(self) -> tuple[str, str]:
        """The first two arguments as text, each empty where it was left out."""
        first, second, *_ = (*("" if each is None else str(each) for each in self.args), "", "")
        return first, second


class Request(Frozen):
    """An outgoing request that the code made. `stubbed` is False where no stub matched and the request was refused;
    `stub` counts the stubs of the case from 0; `line` is where code.js made it, 0 where unknown."""

    method: str
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    stubbed: bool = True
    stub: int | None = None
    line: int = 0


class Thrown(Frozen):
    """What the code threw. `line` and `column` are in code.js, 0 where unknown."""

    name: str
    message: str
    stack: str = ""
    line: int = 0
    column: int = 0


class Execution(Frozen):
    """What one run of one action did. Durations in milliseconds; `console` is the output, one line each. `runtime` is
    the one the action asks for (`node18-actions`), `node` the version of Node that really ran it (`22.20.0`); each is
    empty where it is not known. `cache` is what the run did to api.cache, None under a key that it deleted."""

    action: str
    handler: str
    calls: tuple[Call, ...] = ()
    requests: tuple[Request, ...] = ()
    console: tuple[str, ...] = ()
    cache: dict[str, str | None] = Field(default_factory=dict)
    error: Thrown | None = None
    duration_ms: float = 0.0
    runtime: str = ""
    node: str = ""

    @property
    def denial(self) -> Call | None:
        """The first access.deny, or None."""
        return next((call for call in self.calls if call.method == DENY), None)

    @property
    def denied(self) -> str | None:
        """The reason given to the first access.deny, or None."""
        denial = self.denial
        if denial is None:
            return None
        first, second = denial.texts
        return (second or first) if self.handler in CODE_FIRST.values() else first


class FlowRun(Frozen):
    """What one firing of a trigger came to, or going on with it after it was suspended: the actions that ran, in order,
    and how it ended.

    `status` is completed, denied (an action refused; `reason` says why), failed (an action threw) or suspended (an
    action sent the user elsewhere: `suspension` says where). `code` and `user_message` are what the action gave beside
    the reason, where its trigger has such. `effects` are those of the whole flow, `executions` those of this part of
    it. `execution_id` and `log_id` are what the tenant recorded it under.
    """

    trigger: str
    status: Literal["completed", "denied", "failed", "suspended"]
    reason: str = ""
    code: str = ""
    user_message: str = ""
    executions: tuple[Execution, ...] = ()
    effects: Effects = Field(default_factory=Effects)
    suspension: Suspension | None = None
    execution_id: str = ""
    log_id: str = ""
