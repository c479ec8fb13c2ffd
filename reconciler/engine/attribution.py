"""Who made what the tenant holds: the deeds of its log, held against the instants that its objects carry.

An object says when it was last written and the log says who called when, so a deed is taken for the author only where
both instants agree: the log may lag, may be cut, and is no older than the tenant's plan lets it be, and a wrong name is
worse than none (law 8).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from reconciler.model.deed import Author, Deed, Verb
from reconciler.model.module import LiveModule
from reconciler.model.tenant import LiveAction, LiveFlow

SLACK = timedelta(seconds=10)
"""How far the log's instant of a call and the instant that the object carries may lie apart."""

DRAFT_VERBS: tuple[Verb, ...] = ("created", "edited", "redeployed", "restored")
VERSION_VERBS: tuple[Verb, ...] = ("created", "deployed", "redeployed", "published")
FLOW_VERBS: tuple[Verb, ...] = ("bound",)


def of_action(deeds: Iterable[Deed], action: LiveAction) -> tuple[Deed, ...]:
    """The deeds done to that action, newest first. Where the log keeps no answers, the one that created it is known by
    its name alone."""
    return tuple(deed for deed in deeds if _same(deed.action_id, action.id, deed, action.name) and not _of_module(deed))


def of_module(deeds: Iterable[Deed], module: LiveModule) -> tuple[Deed, ...]:
    """The deeds done to that module, newest first."""
    return tuple(deed for deed in deeds if _same(deed.module_id, module.id, deed, module.name) and _of_module(deed))


def of_flow(deeds: Iterable[Deed], trigger: str) -> tuple[Deed, ...]:
    """The bindings of that trigger, newest first."""
    return tuple(deed for deed in deeds if deed.trigger == trigger)


def author(deeds: Iterable[Deed], verbs: Collection[Verb], moment: str, *, number: int = 0) -> Author | None:
    """Who did one of these things at that moment (RFC 3339), None where the log does not tell.

    The deed nearest to the moment counts. `number` is the version that it must have made, where the log says which.
    """
    when = instant(moment)
    if when is None:
        return None
    near = [
        (abs(at - when), deed)
        for deed in deeds
        if deed.author.did in verbs
        and (not number or deed.number in (0, number))
        and (at := instant(deed.at)) is not None
        and abs(at - when) <= SLACK
    ]
    return min(near, key=lambda pair: pair[0])[1].author if near else None


def draft_author(deeds: Iterable[Deed], action: LiveAction) -> Author | None:
    """Who last wrote the draft of an action."""
    return author(of_action(deeds, action), DRAFT_VERBS, action.draft.updated_at)


def version_author(deeds: Iterable[Deed], action: LiveAction) -> Author | None:
    """Who deployed the version of an action that runs."""
    version = action.version
    if version is None:
        return None
    return author(of_action(deeds, action), VERSION_VERBS, version.created_at, number=version.number)


def flow_author(deeds: Iterable[Deed], flow: LiveFlow) -> Author | None:
    """Who last bound the flow: every call makes all bindings anew, so each carries its instant. Of an emptied flow
    nothing is left that does; then it is whoever the log names last."""
    bound = of_flow(deeds, flow.trigger)
    stamps = [binding.created_at for binding in flow.bindings if binding.created_at]
    if stamps:
        return author(bound, FLOW_VERBS, max(stamps))
    return bound[0].author if bound else None


def deleter(deeds: Iterable[Deed], name: str) -> Author | None:
    """Who deleted the action or module of that name. The call names only an id, so it is known where the log also holds
    another call about that thing."""
    seen = tuple(deeds)
    ids = {deed.action_id or deed.module_id for deed in seen if deed.name == name} - {""}
    gone = (deed.author for deed in seen if deed.author.did == "deleted" and (deed.action_id or deed.module_id) in ids)
    return next(gone, None)


def maker(deeds: Iterable[Deed]) -> Author | None:
    """Who created the thing that these deeds were done to."""
    return next((deed.author for deed in deeds if deed.author.did == "created"), None)


def phrase(by: Author) -> str:
    """Who it was, for a sentence: `by client C (user U) from IP with AGENT at TIME`."""
    client = f"client {by.client_name or by.client_id}" if by.client_name or by.client_id else "an unknown client"
    parts = [f"by {client}", f"(user {by.user})" if by.user else "", f"from {by.ip}" if by.ip else ""]
    parts += [f"with {by.user_agent}" if by.user_agent else "", f"at {by.at}" if by.at else ""]
    return " ".join(part for part in parts if part)


def instant(text: str) -> datetime | None:
    """The instant of an RFC 3339 text, cut to microseconds; None for what is none."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return None
    return made if made.tzinfo else None


def _same(told: str, wanted: str, deed: Deed, name: str) -> bool:
    return told == wanted if told else deed.author.did == "created" and deed.name == name


def _of_module(deed: Deed) -> bool:
    return "/modules" in deed.path
