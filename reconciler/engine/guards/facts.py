"""What guards know besides the plan and the tenant."""

from __future__ import annotations

from reconciler.model.frozen import Frozen


class Facts(Frozen):
    """Values that come from git, the tenant file and the command line. What is unknown refuses nothing.

    `allowed` names the guards that may pass; `most_deletes` is how many things one plan deletes without a word.
    """

    allowed: tuple[str, ...] = ()
    most_deletes: int = 5
