"""What a rollback came to."""

from typing import Literal

from pydantic import Field

from reconciler.model.frozen import Frozen


class EarlierSecret(Frozen):
    """A secret that is not as git wants it now, since it is tied to the version that runs again; never its value. An
    `earlier kept value` is what the tenant itself had then; git has none."""

    action: str
    name: str
    what: Literal["earlier value", "earlier kept value", "not there"]


class Reverts(Frozen):
    """The commits to revert so that git says what runs, newest first (40 hex digits).

    `also` maps a commit to what else it touches (`actions/guard`); `notes` say what is not sure.
    """

    commits: tuple[str, ...] = ()
    also: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class RunsAgain(Frozen):
    """A version that a rollback made: its `number`, and the earlier version `of` a commit that it is a copy of."""

    action: str
    number: int
    version: int
    commit: str


class RolledBack(Frozen):
    """What a rollback of a tenant came to.

    `applied` is false where somebody who was asked said no. `drafts` names the actions that ran the version already and
    whose draft was put back at it. `notes` say what was left alone; `secrets_unknown` why the secrets could not be held
    against git.
    """

    tenant: str
    applied: bool = True
    deployed: tuple[RunsAgain, ...] = ()
    drafts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    secrets: tuple[EarlierSecret, ...] = ()
    secrets_unknown: str = ""
    reverts: Reverts = Reverts()
