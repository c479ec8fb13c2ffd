"""What became files of a repository, and what did not."""

from typing import Literal

from reconciler.model.frozen import Frozen


class Remark(Frozen):
    """Something about one thing that was read. `why` is a sentence; it says what to do where something can be done."""

    kind: Literal["action", "module", "flow", "binding", "draft"]
    name: str
    why: str


class Needed(Frozen):
    """A secret whose value somebody must supply before git can write it: the tenant keeps its own until then."""

    kind: Literal["action", "module"] = "action"
    name: str
    secret: str


class Marker(Frozen):
    """A word that another tool replaces with a value, still in the text: `##ENV##`, in line 3 of a file."""

    file: str
    line: int
    word: str


class Imported(Frozen):
    """What an import wrote.

    `source` is the tenant, or the path that was read; `files` are paths in the repository, sorted. `left` was left
    alone, `changed` is in git but not quite as it was, `secrets` are kept in the tenant until somebody gives their
    values.
    """

    format: int = 1
    tool: str
    repo: str
    source: str
    tenant: str = ""
    actions: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    secrets: tuple[Needed, ...] = ()
    left: tuple[Remark, ...] = ()
    changed: tuple[Remark, ...] = ()
    markers: tuple[Marker, ...] = ()
