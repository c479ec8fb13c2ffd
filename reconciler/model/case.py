"""Tests of an action, and what came of running them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from reconciler.model.execution import Call, Execution
from reconciler.model.frozen import Frozen


class Reply(Frozen):
    """What a stubbed server answers. `body` is sent as JSON unless it is a string."""

    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = ""


class Stub(Frozen):
    """An outgoing request that a case expects may happen, `METHOD URL`, and the answer it gets."""

    request: str = Field(pattern=r"^[A-Z]+ https?://\S+$")
    reply: Reply = Reply()


class RequestExpectation(Frozen):
    """An outgoing request that must have been made; what is left out may be anything."""

    method: str | None = None
    url: str | None = None
    json_body: Any = Field(default=None, alias="json")
    body: str | None = None

    model_config = ConfigDict(populate_by_name=True)


class Expectation(Frozen):
    """What must have happened. A field that is left out is not looked at.

    `api` is every call in order; `denied` the reason given to access.deny (true: any reason, false: not denied);
    `error` a part of the message of what the code threw; `requests` every outgoing request in order; `console` parts
    that the output must contain.
    """

    api: tuple[Call, ...] | None = None
    requests: tuple[RequestExpectation, ...] | None = None
    denied: str | bool | None = None
    error: str | None = None
    console: tuple[str, ...] | None = None


class Case(Frozen):
    """One test of an action.

    `event` is laid over the sample event of the trigger; `secrets` are test values, never real ones, and so are
    `module_secrets`: module name -> secret name -> value; `run` is the handler, the trigger's first where it is left
    out.
    """

    name: str = Field(min_length=1)
    event: dict[str, Any] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    module_secrets: dict[str, dict[str, str]] = Field(default_factory=dict)
    http: tuple[Stub, ...] = ()
    run: str = ""
    expect: Expectation


class Outcome(Frozen):
    """How a case ended: `passed` when `failures` is empty; each failure is one sentence with expected and got."""

    action: str
    case: str
    status: Literal["passed", "failed"]
    failures: tuple[str, ...] = ()
    execution: Execution | None = None
    file: str = ""
    line: int = 0
