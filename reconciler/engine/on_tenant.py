"""Cases on the tenant's own test endpoint: which can be sent there, and whether it came to the same.

Only a thrown error is known from recordings of that endpoint (wire.md, section 2). What else an answer may hold, the
output as `logs` and the calls on api as `commands`, is compared where it is there, and its absence says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.catalogue.triggers import TriggerFacts
from reconciler.engine.diff import content_reasons
from reconciler.engine.matchers import written
from reconciler.engine.matching import fits
from reconciler.engine.snapshots import shown_output
from reconciler.model.action import Action, Content
from reconciler.model.case import Case
from reconciler.model.execution import Execution, Thrown
from reconciler.model.tenant import Desired, Live, LiveAction

SHOWN_CHARACTERS = 120

MASK = "***"
"""What stands for secret values in what was done here; the tenant has others in that place, or the mask itself."""


def unsent(case: Case, facts: TriggerFacts) -> str:
    """Why the case cannot be run on a tenant; empty where it can."""
    if case.http:
        return "its stubs cannot be sent, and its requests would be real"
    for name in ("now", "seed", "cache"):
        if getattr(case, name) not in (None, {}):
            return f"`{name}` cannot be sent"
    if case.run and case.run != facts.handlers[0]:
        return f"the endpoint runs {facts.handlers[0]} only"
    return ""


def unlike(action: Action, there: LiveAction | None, desired: Desired, live: Live) -> str:
    """Why the draft of the tenant is not what git has; empty where it is, and can be run."""
    if there is None:
        return "the tenant has no such action"
    if there.draft.status != "built":
        return f"the draft is not built, but {there.draft.status}"
    reasons = content_reasons(_without_modules(action.content), _without_modules(there.draft.content))
    modules = () if _same_modules(action.content, there.draft.content, desired, live) else ("modules",)
    if reasons or modules:
        return f"the draft is not what git has: {', '.join((*reasons, *modules))}"
    lacking = {secret.name for secret in action.secrets} - {stamp.name for stamp in there.draft.secrets}
    return f"the draft lacks secrets: {', '.join(sorted(lacking))}" if lacking else ""


def differences(ran: Execution, told: Mapping[str, Any]) -> Iterator[str]:
    """What the tenant tells of a case against what it did here with secret values masked, a sentence each. None of them
    has what the tenant said: its draft has real secrets, and may print them."""
    threw = told.get("error")
    if ran.error and not threw:
        yield f"it throws here only: {_cut(_said(ran.error))}"
    elif isinstance(threw, Mapping) and threw:
        if ran.error is None:
            yield f"it throws there only: {_cut(str(threw.get('name', 'an error')))}"
        elif not _alike(_said(ran.error), f"{threw.get('name')}: {threw.get('message')}"):
            yield f"it throws another error there than {_cut(_said(ran.error))}"
    if isinstance(told.get("logs"), str):
        yield from _output(shown_output(ran.console), shown_output(told["logs"].splitlines()))
    if isinstance(told.get("commands"), list):
        yield from _calls(ran, told["commands"])


def _output(here: tuple[str, ...], there: tuple[str, ...]) -> Iterator[str]:
    for number, (ours, theirs) in enumerate(zip(here, there, strict=False), start=1):
        if not _alike(ours, theirs):
            yield f"line {number} of the console is another one there than {_cut(ours)}"
            return
    if len(here) != len(there):
        yield f"the console has {len(there)} lines there and {len(here)} here"


def _calls(ran: Execution, commands: list[Any]) -> Iterator[str]:
    there = [each for each in commands if isinstance(each, Mapping) and "method" in each]
    if len(there) != len(commands):
        return  # a shape that nobody has seen says nothing
    for number, (call, command) in enumerate(zip(ran.calls, there, strict=False), start=1):
        if call.method != command["method"] or not _alike_values(call.args, command.get("args", ())):
            yield f"api call {number} is another one there than api.{call.method}({_cut(_arguments(call.args))})"
            return
    if len(ran.calls) != len(there):
        yield f"there are {len(there)} api calls there and {len(ran.calls)} here"


def _alike(ours: str, theirs: str) -> bool:
    """Whether two texts are the same, whatever stands in place of secret values."""
    first, *rest = ours.split(MASK)
    if not rest or not theirs.startswith(first):
        return ours == theirs
    at = len(first)
    for part in rest[:-1]:
        at = theirs.find(part, at) + len(part)
        if at < len(part):
            return False
    return theirs.endswith(rest[-1]) and len(theirs) - len(rest[-1]) >= at


def _alike_values(ours: Any, theirs: Any) -> bool:
    if fits(written(ours), theirs):
        return True
    return _alike(json.dumps(ours, sort_keys=True), json.dumps(theirs, sort_keys=True))


def _without_modules(content: Content) -> Content:
    return content.model_copy(update={"modules": ()})


def _same_modules(wanted: Content, there: Content, desired: Desired, live: Live) -> bool:
    """Numbers are a tenant's own, and `latest` means the content that git has."""
    numbers = {use.name: use.number for use in there.modules}
    if numbers.keys() != {use.name for use in wanted.modules}:
        return False
    for use in wanted.modules:
        if use.number:
            if use.number != numbers[use.name]:
                return False
            continue
        module, known = desired.module(use.name), live.module(use.name)
        version = next((each for each in known.versions if each.number == numbers[use.name]), None) if known else None
        if module is None or version is None or version.content != module.content:
            return False
    return True


def _arguments(args: tuple[Any, ...]) -> str:
    return ", ".join(json.dumps(each, ensure_ascii=False) for each in args)


def _said(thrown: Thrown) -> str:
    return f"{thrown.name}: {thrown.message}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
