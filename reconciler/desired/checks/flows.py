"""Flows against the actions and the platform's catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.desired.documents import FlowDocument
from reconciler.desired.load import Documents
from reconciler.desired.validation import Located, did_you_mean
from reconciler.errors import Diagnostic


def flow_problems(documents: Documents) -> Iterable[Diagnostic]:
    """Triggers and bindings of every flow file. One action bound twice is allowed, as the platform allows it."""
    action_triggers = {action.document.name: action.document.trigger for action in documents.actions}
    named_elsewhere = documents.broken | {action.folder.rpartition("/")[2] for action in documents.actions}
    first: dict[str, str] = {}
    for flow in documents.flows:
        trigger = flow.document.trigger
        yield from _trigger(flow)
        if trigger in first:
            message = f"{first[trigger]} is the flow of '{trigger}' already."
            yield Diagnostic(flow.span("trigger"), message, "Keep one file for one trigger.")
        first.setdefault(trigger, flow.file)
        yield from _bindings(flow, action_triggers, named_elsewhere)


def _trigger(flow: Located[FlowDocument]) -> Iterable[Diagnostic]:
    trigger, place = flow.document.trigger, flow.span("trigger")
    stem = flow.file.rpartition("/")[2].removesuffix(".yaml")
    if trigger != stem:
        message = f"the trigger '{trigger}' is not the name of its file, '{stem}'."
        yield Diagnostic(place, message, f"Rename the file to {trigger}.yaml, or mend the trigger.")
    facts = triggers().get(trigger)
    if not facts:
        yield Diagnostic(place, f"there is no trigger '{trigger}'{did_you_mean(trigger, triggers())}")
    elif not facts.documented:
        message = f"trigger '{trigger}' is not documented by the platform."
        yield Diagnostic(place, message, "Use a documented one.")
    elif not facts.bindable:
        message = f"trigger '{trigger}' has no flow: another resource of the tenant names its action."
        yield Diagnostic(place, message, "Remove this file.")


def _bindings(
    flow: Located[FlowDocument], action_triggers: Mapping[str, str], named_elsewhere: frozenset[str]
) -> Iterable[Diagnostic]:
    trigger, bindings = flow.document.trigger, flow.document.ordered()
    for at, binding in enumerate(bindings):
        place = flow.span("bindings", at, "action")
        if binding.action not in action_triggers:
            if binding.action not in named_elsewhere:
                message = f"there is no action '{binding.action}'{did_you_mean(binding.action, action_triggers)}"
                yield Diagnostic(place, message)
        elif (other := action_triggers[binding.action]) != trigger and other in triggers():
            message = f"action '{binding.action}' is written for '{other}', this flow is '{trigger}'."
            yield Diagnostic(place, message, f"Bind it in flows/{other}.yaml.")
    most = limits.bindings(trigger)
    if len(bindings) > most:
        message = f"the flow has {len(bindings)} bindings, the platform takes {most}."
        yield Diagnostic(flow.span("bindings", most), message, "Remove some.")
