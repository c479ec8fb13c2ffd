"""Tests of a flow: all its actions together."""

from typing import Any, Literal

from pydantic import Field

from reconciler.model.case import Calls, Expected, Scene
from reconciler.model.frozen import Frozen


class SuspendedExpectation(Frozen):
    """Where the flow must wait for the user; matchers may stand for either."""

    url: Any = Field(
        default=None,
        description="Where the user was sent, with its query but without the `state` that the platform puts on it.",
    )
    method: Any = Field(
        default=None,
        description="The call that the flow waits after: redirect.sendUserTo, prompt.render, authentication.….",
    )


class Return(Frozen):
    """What the user comes back with to a flow that waits: the parameters of the request that goes on with it."""

    query: dict[str, Any] = Field(
        default_factory=dict, description="Parameters of the URL that the user comes back to."
    )
    body: dict[str, Any] = Field(
        default_factory=dict, description="Fields of a form that is sent back; the request is a POST then."
    )
    event: dict[str, Any] = Field(
        default_factory=dict,
        description="Laid over the event that the flow goes on with, such as {prompt: {fields: {…}}} after a form.",
    )


class FlowExpectation(Expected):
    """What must have happened in the whole flow. A field that is left out is not looked at."""

    status: Literal["completed", "denied", "failed", "suspended"] | None = Field(
        default=None, description="How the flow ended; suspended where it waits for the user."
    )
    ran: tuple[str, ...] | None = Field(
        default=None,
        description="The actions that ran, in order; an action that goes on after the user came back stands once more.",
    )
    api: dict[str, Calls] | None = Field(
        default=None, description="Action name -> its calls in order, or {includes: [...]}."
    )
    suspended: SuspendedExpectation | None = Field(default=None, description="Where the flow waits for the user.")


class FlowCase(Scene):
    """One test of a flow: its actions run one after the other, each with what the earlier ones left, until the flow
    ends."""

    secrets: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Action name -> secret name -> a test value, never a real one."
    )
    module_secrets: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Module name -> secret name -> a test value, never a real one."
    )
    returns: tuple[Return, ...] = Field(
        default=(), description="What the user comes back with each time the flow waits, in order."
    )
    expect: FlowExpectation = Field(default_factory=FlowExpectation, description="What must have happened.")
