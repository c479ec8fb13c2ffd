"""What happened in a case, as it is kept in a reviewed file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from reconciler.model.frozen import Frozen


class RecordedCall(Frozen):
    """One call on `api`."""

    method: str
    args: tuple[Any, ...] = ()


class RecordedRequest(Frozen):
    """One outgoing request, without the headers that differ from run to run."""

    method: str
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: Any = Field(default=None, alias="json", description="The body, where it is JSON.")
    body: str = Field(default="", description="The body, where it is anything else.")

    model_config = ConfigDict(populate_by_name=True)


class Recorded(Frozen):
    """What the case of an action did; what did not happen is left out. `cache` is what it did to api.cache, null under
    a key that it deleted."""

    api: tuple[RecordedCall, ...] = ()
    requests: tuple[RecordedRequest, ...] = ()
    console: tuple[str, ...] = ()
    denied: str | None = None
    error: str = ""
    effects: dict[str, Any] = Field(default_factory=dict, description="What the calls come to: claims, metadata, …")
    cache: dict[str, str | None] = Field(default_factory=dict)


class RecordedRun(Frozen):
    """One action of a flow that ran."""

    action: str
    handler: str
    api: tuple[RecordedCall, ...] = ()
    requests: tuple[RecordedRequest, ...] = ()
    console: tuple[str, ...] = ()
    error: str = ""


class RecordedSuspension(Frozen):
    """Where the flow waits for the user; the URL is without the `state` that the platform puts on it."""

    method: str
    action: str
    url: str = ""


class RecordedFlow(Frozen):
    """What the case of a flow did; what did not happen is left out."""

    status: Literal["completed", "denied", "failed", "suspended"]
    reason: str = ""
    code: str = ""
    user_message: str = ""
    ran: tuple[RecordedRun, ...] = ()
    effects: dict[str, Any] = Field(default_factory=dict, description="What all calls come to: claims, metadata, …")
    cache: dict[str, str | None] = Field(default_factory=dict)
    suspended: RecordedSuspension | None = None
