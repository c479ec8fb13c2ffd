"""Flows against the actions and the platform's catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.desired.documents import FlowDocument
from reconciler.desired.load import Documents
from reconciler.desired.tenant_documents import TenantDocument
from reconciler.desired.validation import Located, did_you_mean
from reconciler.errors import Diagnostic


def flow_problems(documents: Documents) -> Iterable[Diagnostic]:
    """Triggers and bindings of every flow file. One action bound twice is allowed, as the platform allows it."""
    first: dict[str, str] = {}
    for flow in documents.flows:
        trigger = flow.document.trigger
        yield from _trigger(flow)
        if trigger in first:
            message = f"{first[trigger]} is the flow of '{trigger}' already."
            yield Diagnostic(flow.span("trigger"), message, "Keep one file for one trigger.")
        first.setdefault(trigger, flow.file)
        yield from binding_problems(documents, trigger, [one.action for one in flow.document.ordered()], flow)


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


def binding_problems(
    documents: Documents,
    trigger: str,
    bindings: Sequence[str],
    located: Located[FlowDocument] | Located[TenantDocument],
    path: tuple[str, ...] = (),
) -> Iterable[Diagnostic]:
    """Bindings of actions that are not there or are of another trigger, and too many. `path` leads to the mapping that
    holds the list, in the file where it stands."""
    known = {action.document.name: action.document.trigger for action in documents.actions}
    named_elsewhere = documents.broken | {action.folder.rpartition("/")[2] for action in documents.actions}
    for at, name in enumerate(bindings):
        other = known.get(name)
        if other is None and name not in named_elsewhere:
            place = located.span(*path, "bindings", at, "action")
            yield Diagnostic(place, f"there is no action '{name}'{did_you_mean(name, known)}")
        elif other not in (None, trigger) and other in triggers():
            message = f"action '{name}' is written for '{other}', this flow is '{trigger}'."
            place = located.span(*path, "bindings", at, "action")
            yield Diagnostic(place, message, f"Bind it in flows/{other}.yaml.")
    most = limits.bindings(trigger)
    if len(bindings) > most:
        message = f"the flow has {len(bindings)} bindings, the platform takes {most}."
        yield Diagnostic(located.span(*path, "bindings", most), message, "Remove some.")
