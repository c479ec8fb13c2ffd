"""What the actions of a flow ask the platform to do."""

from typing import Any, Literal

from pydantic import Field

from reconciler.model.frozen import Frozen


class Effects(Frozen):
    """What the actions of one flow asked for, gathered in their order; what nobody asked for is empty.

    `id_token` and `access_token` are claims; `dropped` names those that the platform leaves out because their names
    are its own. `scopes` are those to be granted, None where no action changed them. Metadata are the keys to be
    written: None as a value removes the key. `session`, `refresh_token` and `saml` hold what was set there, by the name
    of what was set (`expires_at`, `metadata`, …); `evicted` there says that all earlier metadata goes. `user` is how a
    token exchange picks its user: {id} or {connection, attributes, options}.
    """

    id_token: dict[str, Any] = Field(default_factory=dict)
    access_token: dict[str, Any] = Field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    scopes: tuple[str, ...] | None = None
    user_metadata: dict[str, Any] = Field(default_factory=dict)
    app_metadata: dict[str, Any] = Field(default_factory=dict)
    transaction_metadata: dict[str, Any] = Field(default_factory=dict)
    primary_user: str = ""
    methods: tuple[str, ...] = ()
    """URLs given to authentication.recordMethod."""
    multifactor: dict[str, Any] = Field(default_factory=dict)
    factors: int = 0
    """How often a factor was asked for with challengeWith, enrollWith and the like."""
    session: dict[str, Any] = Field(default_factory=dict)
    refresh_token: dict[str, Any] = Field(default_factory=dict)
    saml: dict[str, Any] = Field(default_factory=dict)
    user: dict[str, Any] = Field(default_factory=dict)
    organization: str = ""
    actor: dict[str, Any] = Field(default_factory=dict)
    result_url: str = ""
    notification: Literal["", "drop", "retry"] = ""
    notification_reason: str = ""


class Suspension(Frozen):
    """A flow that waits for the user. `method` is the call that suspended it; `url` where the user was sent, with the
    state in it (empty for a factor or a form, which the platform shows itself); `action` is the one that asked."""

    state: str
    method: str
    action: str
    args: tuple[Any, ...] = ()
    url: str = ""
