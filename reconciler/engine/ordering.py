"""The order of a flow: ours as git says, what is not ours left where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from reconciler.model.flow import Flow
from reconciler.model.plan import Place


def merged(
    before: tuple[Place, ...], flow: Flow | None, *, ours: Set[str], ids: Mapping[str, str]
) -> tuple[Place, ...]:
    """The bindings after: each place of ours takes the next binding that git names, what is left over comes at the end.

    Without a flow in git only the bindings of actions that go away are taken out. Foreign bindings keep their places
    unless the flow says `unmanaged: remove`. Merging the result once more changes nothing.
    """
    wanted = _wanted(flow, ids)
    keep = flow is None or flow.unmanaged == "keep"
    return (*_placed(before, wanted, ours, keep), *wanted)


def _placed(before: tuple[Place, ...], wanted: Iterator[Place], ours: Set[str], keep: bool) -> Iterator[Place]:
    for place in before:
        if place.foreign or place.action not in ours:
            if keep:
                yield place
            continue
        following = next(wanted, None)
        if following is not None:
            yield following


def _wanted(flow: Flow | None, ids: Mapping[str, str]) -> Iterator[Place]:
    for binding in flow.bindings if flow else ():
        # The dashboard writes the action's own name where nobody chose another; both mean the same.
        display_name = "" if binding.display_name == binding.action else binding.display_name
        yield Place(action=binding.action, action_id=ids.get(binding.action, ""), display_name=display_name)
