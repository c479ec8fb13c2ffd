"""What happened in a case, as it is kept in a reviewed file."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from reconciler.model.frozen import Frozen


class Record(Frozen):
    """A part of what happened; what did not happen is left out of its file."""

    model_config = ConfigDict(populate_by_name=True)


class RecordedCall(Record):
    """One call on `api`."""

    method: str = Field(description="The method's path below api, such as access.deny.")
    args: tuple[Any, ...] = Field(default=(), description="Its arguments.")


class RecordedRequest(Record):
    """One outgoing request, without the headers that differ from run to run."""

    method: str = Field(description="GET, POST, …")
    url: str = Field(description="The whole URL.")
    headers: dict[str, str] = Field(default_factory=dict, description="The headers that the code or its packages set.")
    json_body: Any = Field(default=None, alias="json", description="The body, where it is a JSON object or list.")
    body: str = Field(default="", description="The body, where it is anything else.")


class Recorded(Record):
    """What the case of an action did."""

    api: tuple[RecordedCall, ...] = Field(default=(), description="The calls on api, in order.")
    requests: tuple[RecordedRequest, ...] = Field(default=(), description="The outgoing requests, in order.")
    console: tuple[str, ...] = Field(default=(), description="The output, line by line, without the frames of stacks.")
    denied: str | None = Field(default=None, description="The reason given to access.deny.")
    error: str = Field(default="", description="Name and message of what the code threw.")
    effects: dict[str, Any] = Field(default_factory=dict, description="What the calls come to: claims, metadata, …")
    cache: dict[str, str | None] = Field(
        default_factory=dict, description="What it did to api.cache; null under a key that it deleted."
    )


class RecordedRun(Record):
    """One action of a flow that ran."""

    action: str = Field(description="Its name.")
    handler: str = Field(description="The handler that ran.")
    api: tuple[RecordedCall, ...] = Field(default=(), description="The calls on api, in order.")
    requests: tuple[RecordedRequest, ...] = Field(default=(), description="The outgoing requests, in order.")
    console: tuple[str, ...] = Field(default=(), description="The output, line by line, without the frames of stacks.")
    error: str = Field(default="", description="Name and message of what the code threw.")


class RecordedSuspension(Record):
    """Where the flow waits for the user."""

    method: str = Field(description="The call that it waits after.")
    action: str = Field(description="The action that called it.")
    url: str = Field(
        default="", description="Where the user was sent, without the `state` that the platform puts on it."
    )


class RecordedFlow(Record):
    """What the case of a flow did."""

    status: Literal["completed", "denied", "failed", "suspended"] = Field(description="How the flow ended.")
    reason: str = Field(default="", description="Why it was denied or failed.")
    code: str = Field(default="", description="The code that an action gave beside the reason.")
    user_message: str = Field(default="", description="What the user is told.")
    ran: tuple[RecordedRun, ...] = Field(default=(), description="The actions that ran, in order.")
    effects: dict[str, Any] = Field(default_factory=dict, description="What all calls come to: claims, metadata, …")
    cache: dict[str, str | None] = Field(default_factory=dict, description="What api.cache holds at the end.")
    suspended: RecordedSuspension | None = Field(default=None, description="Where the flow waits for the user.")
