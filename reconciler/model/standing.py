"""Where a commit stands to a branch."""

from reconciler.model.frozen import Frozen


class Standing(Frozen):
    """Where a commit stands to the branch that a tenant is applied from.

    `ref` is what git calls the branch here (`origin/main`, or `main` where there is no such remote branch), empty where
    git knows neither; `on` whether the commit is the branch's head or comes before it. `shallow` says that the clone
    has not the whole history, so that a commit may be on the branch all the same.
    """

    branch: str
    ref: str = ""
    on: bool = False
    shallow: bool = False
