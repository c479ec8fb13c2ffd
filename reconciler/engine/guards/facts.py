"""What guards know besides the plan and the tenant."""

from datetime import date
from typing import Literal

from pydantic import Field

from reconciler.model.frozen import Frozen
from reconciler.model.standing import Standing


class Deletes(Frozen):
    """How much one plan deletes without a word: so many things, and so many percent of what the repository has in the
    tenant. Deleting a single thing is never much, unless `count` is 0."""

    count: int = 5
    percent: int = 20


class Leak(Frozen):
    """What looks like a secret in the code of an action or a module: its place (`actions/a/code.js:3`) and its kind,
    never the text itself."""

    owner: Literal["action", "module"]
    name: str
    place: str
    what: str


class Facts(Frozen):
    """Values that come from git, the tenant file, the clock and the command line. What is unknown refuses nothing.

    `allowed` maps each guard that may pass to the reason; `ended` each guard whose permission ran out to its last day.
    `standing` is None where the tenant has no protected branch or the plan no commit. `earlier` names the tenant that a
    commit has to reach before this one, `missing` what of the commit is not there, and `unread` why that is not known.
    """

    allowed: dict[str, str] = Field(default_factory=dict)
    ended: dict[str, date] = Field(default_factory=dict)
    deletes: Deletes = Deletes()
    today: date | None = None
    standing: Standing | None = None
    leaks: tuple[Leak, ...] = ()
    earlier: str = ""
    missing: tuple[str, ...] = ()
    unread: str = ""
