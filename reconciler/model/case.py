"""Tests of an action, and what came of running them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, StrictInt, Tag, model_validator
from pydantic_core import PydanticCustomError

from reconciler.model.effects import Effects
from reconciler.model.execution import Execution, FlowRun
from reconciler.model.frozen import Frozen

HeaderName = Annotated[str, Field(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
HeaderValue = Annotated[str, Field(pattern=r"^[\t -~\x80-\xff]*$")]
"""What HTTP can send."""


class Reply(Frozen):
    """What a stubbed server answers."""

    status: int = Field(default=200, ge=200, le=599, description="The HTTP status.")
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, description="Headers by name.")
    body: Any = Field(default="", description="Text as it is; anything else is sent as JSON.")
    delay: float = Field(default=0, ge=0, description="Milliseconds until the answer comes, in real time.")
    error: Literal["", "refused", "reset", "timeout", "not_found"] = Field(
        default="",
        description=(
            "There is no answer: the connection is refused (ECONNREFUSED), reset (ECONNRESET) or times out "
            "(ETIMEDOUT), or the name of the host is not found (ENOTFOUND)."
        ),
    )


class Stub(Frozen):
    """An outgoing request that may happen, and the answer that it gets. The first stub that fits a request answers it;
    stubs that ask for the very same are used in turn."""

    model_config = ConfigDict(populate_by_name=True)

    request: str = Field(
        pattern=r"^(\*|[A-Z]+) https?://\S+$",
        description=(
            "METHOD URL, such as POST https://api.example.com/users/*. The method may be `*`. In the URL `*` stands "
            "for any characters but `/`, `?` and `#`, `**` for any at all. Without a query it fits any query; with "
            "one, exactly those pairs in any order, where `*` is any text and a pair `**` any further pairs."
        ),
    )
    headers: dict[str, Any] = Field(
        default_factory=dict, description="Headers that the request must have: values or matchers."
    )
    json_body: Any = Field(
        default=None,
        alias="json",
        description="What the JSON body must have: objects may have more keys; matchers may stand anywhere.",
    )
    body: Any = Field(default=None, description="A part of the body as text, or a matcher for all of it.")
    reply: Reply = Field(default_factory=Reply, description="The answer; 200 with an empty body where it is left out.")
    replies: tuple[Reply, ...] = Field(
        default=(), description="Answers given one after the other; the last one is given again and again."
    )


class CallExpectation(Frozen):
    """One call on `api` that is expected."""

    method: str = Field(description="The method's path below api, such as access.deny.")
    args: tuple[Any, ...] = Field(default=(), description="Its arguments; matchers may stand anywhere in them.")


class RequestExpectation(Frozen):
    """An outgoing request that must have been made; what is left out may be anything."""

    model_config = ConfigDict(populate_by_name=True)

    method: str | None = Field(default=None, description="The HTTP method, in capitals.")
    url: Any = Field(
        default=None,
        description="The URL, with stars as in `http`; a URL without a query has none. Or a matcher.",
    )
    headers: dict[str, Any] | None = Field(default=None, description="Headers it must have: values or matchers.")
    json_body: Any = Field(
        default=None,
        alias="json",
        description="What the JSON body must have: objects may have more keys; matchers may stand anywhere.",
    )
    body: Any = Field(default=None, description="A part of the body as text, or a matcher for all of it.")


class Included(Frozen):
    """Calls that must be among those that were made, in that order; others may stand between them."""

    includes: tuple[CallExpectation, ...] = Field(description="The calls, in order.")


def _calls_form(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return "<calls>"
    return "<included>" if isinstance(value, Mapping | Included) else None


Calls = Annotated[
    Annotated[tuple[CallExpectation, ...], Tag("<calls>")] | Annotated[Included, Tag("<included>")],
    Discriminator(
        _calls_form,
        custom_error_type="calls_form",
        custom_error_message="must be a list of calls, or {includes: [...]}",
    ),
]
"""Every call on api in order, or those that must be among them."""


class Expected(Frozen):
    """What must have happened, of one action or of a flow. What is left out is not looked at, but for two things: the
    code must not throw, and every request must have a stub."""

    requests: tuple[RequestExpectation, ...] | None = Field(
        default=None, description="Every outgoing request, in order."
    )
    denied: bool | str | dict[str, Any] | None = Field(
        default=None,
        description="The reason given to api.access.deny; true for any reason, false for no denial, or a matcher.",
    )
    error: bool | str | dict[str, Any] | None = Field(
        default=None,
        description="A part of the name and message of what the code throws; true for any, or a matcher.",
    )
    console: tuple[Any, ...] | None = Field(
        default=None,
        description="Parts that the output must have, in any order, or matchers for a line. An empty list: no output.",
    )
    effects: dict[str, Any] | None = Field(
        default=None,
        description=(
            "What the calls come to: id_token and access_token (claims), user_metadata, app_metadata, "
            "transaction_metadata, scopes, ... Objects may have more keys; matchers may stand anywhere."
        ),
        json_schema_extra={"propertyNames": {"enum": list(Effects.model_fields)}},
    )
    cache: dict[str, Any] | None = Field(
        default=None, description="Key to what api.cache holds at the end; null for nothing under that key."
    )
    unused_stubs: Literal["allow", "fail"] = Field(
        default="allow", description="Whether the case fails when a stub was not used."
    )


class Expectation(Expected):
    """What must have happened. What is left out is not looked at, but for two things: the code must not throw, and
    every request must have a stub."""

    api: Calls | None = Field(
        default=None,
        description=(
            "Every call on `api` in order, or {includes: [...]} for calls among others. Calls of api.cache count only "
            "where one is written here."
        ),
    )


def _moment(value: Any) -> Any:
    """An instant: pydantic would take a day for midnight in no time zone, and a number for seconds since 1970."""
    if isinstance(value, datetime) and value.tzinfo:
        return value
    text = value if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        message = "must be an instant with a time zone, such as 2026-01-31T09:00:00Z"
        raise PydanticCustomError("moment", message) from problem
    if len(text) <= len("2026-W01-1"):
        raise PydanticCustomError("moment", f"must say the time as well, such as {moment.date()}T09:00:00Z")
    if not moment.tzinfo:
        raise PydanticCustomError("moment", f"must say its time zone, such as {moment.isoformat()}Z")
    return moment


Moment = Annotated[datetime, BeforeValidator(_moment)]


class Scene(Frozen):
    """What a case sets up, of one action or of a flow."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["expect"]}, {"required": ["snapshot"]}]})

    name: str = Field(min_length=1, description="What is tested, in words; no two cases of a file share a name.")
    event: dict[str, Any] = Field(
        default_factory=dict,
        description=(
            "Laid over the trigger's sample event (or over `event_file`, or what `from_log` tells): mappings merge, "
            "null takes a key away, everything else replaces. `reconciler trigger TRIGGER --sample` prints the sample."
        ),
    )
    event_file: str = Field(
        default="",
        description="A YAML or JSON file with a whole event, in place of the sample; relative to this folder.",
    )
    from_log: str = Field(
        default="",
        description=(
            "A JSON file with an entry of a tenant's log, or the record of an execution: what it tells is laid over "
            "the sample event; relative to this folder."
        ),
    )
    http: tuple[Stub, ...] = Field(
        default=(), description="The outgoing requests that may happen, and their answers; all others are refused."
    )
    now: Moment | None = Field(
        default=None, description="Where the clock stands while the code runs, such as 2026-01-31T09:00:00Z."
    )
    seed: StrictInt | str | None = Field(
        default=None, description="What random numbers are made from: the same seed gives the same ones."
    )
    cache: dict[str, str] = Field(default_factory=dict, description="What api.cache holds before.")
    transaction: dict[str, Any] = Field(
        default_factory=dict, description="Laid into event.transaction.metadata before the code runs."
    )
    snapshot: bool = Field(
        default=False, description="Compare what happened to what was recorded by `reconciler test --update`."
    )

    @model_validator(mode="after")
    def _expects(self) -> Self:
        if "expect" not in self.model_fields_set and not self.snapshot:
            raise PydanticCustomError("no_expect", "must say what is expected: add `expect:`, or `snapshot: true`")
        return self


class Case(Scene):
    """One test of an action."""

    secrets: dict[str, str] = Field(
        default_factory=dict, description="Secret name to a value for this test; never a real one."
    )
    module_secrets: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Module name to secret name to a value for this test; never a real one."
    )
    run: str = Field(
        default="", description="The handler that runs, such as onContinuePostLogin; the trigger's first otherwise."
    )
    expect: Expectation = Field(default_factory=Expectation, description="What must have happened.")


class Failure(Frozen):
    """One thing that is not as expected: a sentence with expected and got, the difference in lines (`- ` expected,
    `+ ` got; empty where the sentence says all), and the place in code.js that it comes from, 0 where unknown. In the
    case of a flow `action` says whose code.js that is."""

    message: str
    diff: tuple[str, ...] = ()
    line: int = 0
    column: int = 0
    action: str = ""

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
