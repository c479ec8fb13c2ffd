"""Who did what to a tenant, as its log tells it. Source: wire.md, section 6."""

from typing import Literal

from reconciler.model.frozen import Frozen

Verb = Literal["created", "edited", "deployed", "redeployed", "deleted", "bound", "published", "restored"]
"""What a call of the Management API did: `redeployed` makes an earlier version of an action run again, `restored`
copies an earlier version of a module into its draft."""


class Author(Frozen):
    """Who made one call, and when (RFC 3339). Fields that the log leaves out are empty.

    `user` is the person where somebody called through the dashboard, `channel` what the call came through (`api`, or
    the dashboard's URL), `ours` whether the user agent is that of this program.
    """

    did: Verb
    at: str
    client_id: str = ""
    client_name: str = ""
    user: str = ""
    ip: str = ""
    user_agent: str = ""
    channel: str = ""
    ours: bool = False


class Deed(Frozen):
    """One call that changed an action, a module or a flow.

    `action_id`, `module_id` and `trigger` say what; `name` is that of the action or module, where the log tells it: a
    log that keeps no answers knows what was created by its name alone. `number` is the version that the call made, 0
    where the log does not say.
    """

    author: Author
    method: str
    path: str
    status: int = 0
    action_id: str = ""
    module_id: str = ""
    trigger: str = ""
    name: str = ""
    number: int = 0

    @property
    def at(self) -> str:
        """When it was done, RFC 3339."""
        return self.author.at


class Deeds(Frozen):
    """What was read of the log: the deeds, newest first, and the instant from which on none is missing (RFC 3339,
    empty where the log was read to its end)."""

    deeds: tuple[Deed, ...] = ()
    since: str = ""
