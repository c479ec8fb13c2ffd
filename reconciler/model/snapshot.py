"""What happened in a case, as it is kept in a reviewed file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from reconciler.model.frozen import Frozen


class Record(Frozen):
    """A part of what happened; what did not happen is left out of its file."""

    model_config = ConfigDict(use_attribute_docstrings=True, populate_by_name=True)


class RecordedCall(Record):
    """One call on `api`."""

    method: str
    """The method's path below api, such as access.deny."""
    args: tuple[Any, ...] = ()
    """Its arguments."""


class RecordedRequest(Record):
    """One outgoing request, without the headers that differ from run to run."""

    method: str
    """GET, POST, …"""
    url: str
    """The whole URL."""
    headers: dict[str, str] = Field(default_factory=dict)
    """The headers that the code or its packages set."""
    json_body: Any = Field(default=None, alias="json")
    """The body, where it is a JSON object or list."""
    body: str = ""
    """The body, where it is anything else."""


class Recorded(Record):
    """What the case of an action did."""

    api: tuple[RecordedCall, ...] = ()
    """The calls on api, in order."""
    requests: tuple[RecordedRequest, ...] = ()
    """The outgoing requests, in order."""
    console: tuple[str, ...] = ()
    """The output, line by line, without the frames of stacks."""
    denied: str | None = None
    """The reason given to access.deny."""
    error: str = ""
    """Name and message of what the code threw."""
    effects: dict[str, Any] = Field(default_factory=dict)
    """What the calls come to: claims, metadata, …"""
    cache: dict[str, str | None] = Field(default_factory=dict)
    """What it did to api.cache; null under a key that it deleted."""


class RecordedRun(Record):
    """One action of a flow that ran."""

    action: str
    """Its name."""
    handler: str
    """The handler that ran."""
    api: tuple[RecordedCall, ...] = ()
    """The calls on api, in order."""
    requests: tuple[RecordedRequest, ...] = ()
    """The outgoing requests, in order."""
    console: tuple[str, ...] = ()
    """The output, line by line, without the frames of stacks."""
    error: str = ""
    """Name and message of what the code threw."""


class RecordedSuspension(Record):
    """Where the flow waits for the user."""

    method: str
    """The call that it waits after."""
    action: str
    """The action that called it."""
    url: str = ""
    """Where the user was sent, without the `state` that the platform puts on it."""


class RecordedFlow(Record):
    """What the case of a flow did."""

    status: Literal["completed", "denied", "failed", "suspended"]
    """How the flow ended."""
    reason: str = ""
    """Why it was denied or failed."""
    code: str = ""
    """The code that an action gave beside the reason."""
    user_message: str = ""
    """What the user is told."""
    ran: tuple[RecordedRun, ...] = ()
    """The actions that ran, in order."""
    effects: dict[str, Any] = Field(default_factory=dict)
    """What all calls come to: claims, metadata, …"""
    cache: dict[str, str | None] = Field(default_factory=dict)
    """What api.cache holds at the end."""
    suspended: RecordedSuspension | None = None
    """Where the flow waits for the user."""
