"""The order in which actions are bound to a trigger."""

from typing import Literal

from reconciler.model.frozen import Frozen


class Binding(Frozen):
    """One place in a flow. `display_name` is empty where nobody gave one."""

    action: str
    display_name: str = ""


class Flow(Frozen):
    """What git wants of one trigger. `unmanaged` says what happens to bindings that are not ours:
    keep leaves each where it is, remove takes them out."""

    trigger: str
    bindings: tuple[Binding, ...] = ()
    unmanaged: Literal["keep", "remove"] = "keep"
    path: str = ""
