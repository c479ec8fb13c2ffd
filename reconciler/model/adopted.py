"""What was taken from a tenant into the files of a repository."""

from reconciler.model.frozen import Frozen
from reconciler.model.imported import Needed, Remark


class Adopted(Frozen):
    """What an adoption wrote.

    `findings` are the ids of what was taken, `files` and `removed` paths in the repository, sorted. `left` was not
    taken; `remaining` was, and a plan changes it all the same; `replaced` is what git had and no apply had brought to
    the tenant, and what was taken stands in its place; `kept` are secrets that git leaves to the tenant from
    now on; `shared` are the other tenants that get what was written too.
    """

    format: int = 1
    tool: str
    repo: str
    tenant: str
    findings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[Remark, ...] = ()
    remaining: tuple[Remark, ...] = ()
    replaced: tuple[Remark, ...] = ()
    kept: tuple[Needed, ...] = ()
    shared: tuple[str, ...] = ()
