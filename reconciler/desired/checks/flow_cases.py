"""Cases of flows against the flows and the actions in them, and snapshots against the cases that they are of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.located_cases import LocatedFlowCase
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic, Span


def flow_case_problems(documents: Documents) -> Iterator[Diagnostic]:
    """Cases of no flow, of one name, and what they say of actions that the flow does not bind, of secrets that are not
    there, and of an ending that cannot be."""
    bound = _bound(documents)
    first: dict[tuple[str, str], LocatedFlowCase] = {}
    strangers: set[str] = set()
    for located in documents.flow_cases:
        if located.trigger not in bound:
            broken = f"flows/{located.trigger}.yaml" in documents.tree.paths
            if located.file not in strangers and not broken:
                yield _no_flow(located, bound)
            strangers.add(located.file)
            continue
        if (located.file, located.case.name) in first:
            yield Diagnostic(located.span("name"), f"two cases are named '{located.case.name}'.", "Rename one of them.")
        first.setdefault((located.file, located.case.name), located)
        yield from _strangers(located, bound[located.trigger])
        yield from _secrets(located, documents, bound[located.trigger])
        yield from _ending(located)


def leftover_snapshots(documents: Documents) -> Iterator[Diagnostic]:
    """Entries of snapshots whose case is gone, or does not ask for a snapshot any more."""
    wanted = snapshot_names(documents)
    for path, located in documents.snapshots.items():
        for name in located.document.keys() - wanted.get(path, frozenset()):
            message = f"no case with `snapshot: true` is named '{name}'."
            remedy = "Run `reconciler test --update`, which takes the entry out."
            yield Diagnostic(located.key(name), message, remedy, severity="warning")


def snapshot_names(documents: Documents) -> Mapping[str, Set[str]]:
    """The path of each snapshot file that there should be -> the names of its entries."""
    wanted: dict[str, set[str]] = {}
    for action in documents.actions:
        for each in action.cases:
            if each.case.snapshot:
                wanted.setdefault(snapshot_file(each.file), set()).add(each.case.name)
    for located in documents.flow_cases:
        if located.case.snapshot:
            wanted.setdefault(snapshot_file(located.file), set()).add(located.case.name)
    return wanted


def snapshot_file(cases: str) -> str:
    """The snapshot file that belongs to a file of cases."""
    return f"{cases.removesuffix('.yaml')}.snapshot.yaml"


def _bound(documents: Documents) -> Mapping[str, Set[str]]:
    """Trigger -> the actions that its flow binds, be it in some tenant only."""
    bound = {flow.document.trigger: {one.action for one in flow.document.ordered()} for flow in documents.flows}
    for tenant in documents.tenants.values():
        for trigger, override in tenant.document.overrides.flows.items():
            names = {spec if isinstance(spec, str) else spec.action for spec in override.bindings}
            bound[trigger] = bound.get(trigger, set()) | names
    return bound


def _no_flow(located: LocatedFlowCase, known: Iterable[str]) -> Diagnostic:
    trigger = located.trigger
    message = f"these are cases of the flow '{trigger}', which is not there{did_you_mean(trigger, known)}"
    return Diagnostic(Span(located.file), message, f"Write flows/{trigger}.yaml, or rename this file.")


def _strangers(located: LocatedFlowCase, bound: Set[str]) -> Iterator[Diagnostic]:
    case = located.case
    for path, names in (
        (("secrets",), case.secrets),
        (("expect", "api"), case.expect.api or {}),
    ):
        for name in names:
            if name not in bound:
                yield Diagnostic(located.key(*path, name), _not_bound(located, name, bound))
    for at, name in enumerate(case.expect.ran or ()):
        if name not in bound:
            yield Diagnostic(located.span("expect", "ran", at), _not_bound(located, name, bound))


def _not_bound(located: LocatedFlowCase, name: str, bound: Set[str]) -> str:
    return f"the flow '{located.trigger}' does not bind action '{name}'{did_you_mean(name, sorted(bound))}"


def _secrets(located: LocatedFlowCase, documents: Documents, bound: Set[str]) -> Iterator[Diagnostic]:
    actions = {one.document.name: one for one in documents.actions if one.document.name in bound}
    modules = {one.document.name: one for one in documents.modules}
    used = sorted({name for action in actions.values() for name in action.document.modules})
    for name, given in located.case.secrets.items():
        if name in actions:
            yield from _unknown(located, ("secrets", name), given, actions[name], f"action '{name}'")
    for name, given in located.case.module_secrets.items():
        if name not in used:
            message = f"no action of the flow uses module '{name}'{did_you_mean(name, used)}"
            yield Diagnostic(located.key("module_secrets", name), message)
        elif name in modules:
            yield from _unknown(located, ("module_secrets", name), given, modules[name], f"module '{name}'")


def _unknown(
    located: LocatedFlowCase,
    path: tuple[str, str],
    given: Iterable[str],
    owner: LoadedAction | LoadedModule,
    called: str,
) -> Iterator[Diagnostic]:
    known = owner.document.secrets
    for secret in given:
        if secret not in known:
            yield Diagnostic(
                located.key(*path, secret), f"{called} has no secret '{secret}'{did_you_mean(secret, known)}"
            )


def _ending(located: LocatedFlowCase) -> Iterator[Diagnostic]:
    """Expectations that no flow can meet together."""
    expect = located.case.expect
    for name, given, status in (
        ("suspended", expect.suspended is not None, "suspended"),
        ("error", expect.error is not None, "failed"),
    ):
        if given and expect.status not in (None, status):
            message = f"'{name}' cannot be expected of a flow that is {expect.status}."
            yield Diagnostic(located.key("expect", name), message, f"Remove it, or expect `status: {status}`.")
