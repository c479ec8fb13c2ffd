"""Tests of an action, and what came of running them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from reconciler.model.execution import Execution, FlowRun
from reconciler.model.frozen import Frozen


class Reply(Frozen):
    """What a stubbed server answers. `body` is sent as JSON unless it is a string; `delay` is in milliseconds. With
    `error` there is no answer: the connection fails in that way."""

    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = ""
    delay: float = Field(default=0, ge=0)
    error: Literal["", "refused", "reset", "timeout", "not_found"] = ""


class Stub(Frozen):
    """An outgoing request that a case expects may happen, `METHOD URL`, and the answer it gets.

    The method may be `*`; in the URL `*` stands for any characters but `/`, `?` and `#`, `**` for any at all. `headers`
    and `json` are what the request must have besides, matchers among them. `replies` are given one after the other, the
    last one again and again; `reply` is short for one.
    """

    model_config = ConfigDict(populate_by_name=True)

    request: str = Field(pattern=r"^(\*|[A-Z]+) https?://\S+$")
    headers: dict[str, Any] = Field(default_factory=dict)
    json_body: Any = Field(default=None, alias="json")
    reply: Reply = Reply()
    replies: tuple[Reply, ...] = ()


class CallExpectation(Frozen):
    """One call on `api` that is expected; matchers may stand among its arguments."""

    method: str
    args: tuple[Any, ...] = ()


class RequestExpectation(Frozen):
    """An outgoing request that must have been made; what is left out may be anything."""

    method: str | None = None
    url: Any = None
    headers: dict[str, Any] | None = None
    json_body: Any = Field(default=None, alias="json")
    body: Any = None

    model_config = ConfigDict(populate_by_name=True)


class Included(Frozen):
    """Calls that must be among those that were made, in that order; others may stand between them."""

    includes: tuple[CallExpectation, ...]


class Expected(Frozen):
    """What must have happened, of one action or of a flow. A field that is left out is not looked at.

    `denied` is the reason given to access.deny (true: any reason, false: not denied); `error` a part of the message of
    what the code threw; `requests` every outgoing request in order; `console` parts that the output must contain;
    `effects` what all calls come to (claims, metadata), `cache` what api.cache holds at the end (null: nothing under
    that key). `unused_stubs: fail` wants every stub to be used.
    """

    requests: tuple[RequestExpectation, ...] | None = None
    denied: str | bool | dict[str, Any] | None = None
    error: str | dict[str, Any] | None = None
    console: tuple[Any, ...] | None = None
    effects: dict[str, Any] | None = None
    cache: dict[str, Any] | None = None
    unused_stubs: Literal["allow", "fail"] = "allow"


class Expectation(Expected):
    """What must have happened in one action; `api` is every call in order, or those that it must include."""

    api: tuple[CallExpectation, ...] | Included | None = None


class Scene(Frozen):
    """What a case sets up, of one action or of a flow.

    `event` is laid over the sample event of the trigger, or over the event in `event_file`, or over what the tenant log
    entry in `from_log` tells (both relative to the folder of the case). `now` is where the clock stands, `seed` what
    randomness is made of; `cache` and `transaction` are what api.cache and event.transaction.metadata hold before. With
    `snapshot` what happened must be what was recorded.
    """

    name: str = Field(min_length=1)
    event: dict[str, Any] = Field(default_factory=dict)
    event_file: str = ""
    from_log: str = ""
    http: tuple[Stub, ...] = ()
    now: datetime | None = None
    seed: int | str | None = None
    cache: dict[str, str] = Field(default_factory=dict)
    transaction: dict[str, Any] = Field(default_factory=dict)
    snapshot: bool = False


class Case(Scene):
    """One test of an action.

    `secrets` are test values, never real ones, and so are `module_secrets`: module name -> secret name -> value; `run`
    is the handler, the trigger's first where it is left out.
    """

    secrets: dict[str, str] = Field(default_factory=dict)
    module_secrets: dict[str, dict[str, str]] = Field(default_factory=dict)
    run: str = ""
    expect: Expectation


class Failure(Frozen):
    """One thing that is not as expected: a sentence with expected and got, the difference in lines (`- ` expected,
    `+ ` got; empty where the sentence says all), and the place in code.js that it comes from, 0 where unknown."""

    message: str
    diff: tuple[str, ...] = ()
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return self.message


class Outcome(Frozen):
    """How a case ended: `passed` when `failures` is empty. A case of a flow has no `action` and no `execution`, but a
    `flow`, with the executions of its actions. `on_tenant` says what the tenant's own test endpoint made of it (`same`,
    `differs: …`, `skipped: …`), empty where it was not asked."""

    action: str
    case: str
    status: Literal["passed", "failed"]
    failures: tuple[Failure, ...] = ()
    execution: Execution | None = None
    flow: FlowRun | None = None
    on_tenant: str = ""
    file: str = ""
    line: int = 0

    @property
    def subject(self) -> str:
        """Whose case it is: the action's name, or `flows/TRIGGER`."""
        return self.action or f"flows/{self.flow.trigger if self.flow else ''}"

    @property
    def executions(self) -> tuple[Execution, ...]:
        """Every run of an action, in order."""
        if self.flow:
            return self.flow.executions
        return (self.execution,) if self.execution else ()
