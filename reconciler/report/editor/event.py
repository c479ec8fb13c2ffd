"""The event of a trigger, as TypeScript interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.catalogue.triggers import Property, TriggerFacts
from reconciler.report.editor.jsdoc import jsdoc
from reconciler.report.editor.names import key, pascal, quoted, trigger_name

ITEM = "[]"
ANYTHING = "{ [key: string]: any }"
VARIED = frozenset({"user.identities[]", "transaction.requested_authorization_details[]"})
"""Items of which the catalogue says in words only that their other keys vary."""

PAIRS = "String pairs"
"""How the catalogue begins the description of an object whose values are strings, whatever its keys."""


@dataclass
class _Node:
    """A property with those below it; `path` is its place below event, and makes the name of its interface. `open`
    allows further keys."""

    path: str
    facts: Property
    open: bool
    below: dict[str, _Node] = field(default_factory=dict)


def render_event(trigger: TriggerFacts) -> str:
    """The interfaces of a trigger's event: `PostLoginEvent`, and for each object below it one in the namespace
    `PostLogin`. `secrets` is the global `Secrets`, which every action declares for itself."""
    name = trigger_name(trigger)
    root = _tree(trigger.event)
    inner = "\n".join(_interface(node) for node in _objects(root))
    namespace = f"declare namespace {name} {{\n{inner}}}\n\n" if inner else ""
    what = f"What an action of {trigger.id} is told."
    # Of a trigger that nothing is documented of, an event may have any property.
    extra = "" if trigger.event else "  [key: string]: any;\n"
    secrets = "" if "secrets" in root else "  secrets: Secrets;\n"
    members = "".join(_member(each, node, f"{name}.", "  ") for each, node in root.items())
    return f"{namespace}{jsdoc([what])}interface {name}Event {{\n{members}{secrets}{extra}}}\n"


def _tree(event: Mapping[str, Property]) -> dict[str, _Node]:
    root: dict[str, _Node] = {}
    for path, facts in sorted(event.items()):
        level = root
        *above, last = path.split(".")
        for name in above:
            level = level[name.removesuffix(ITEM)].below
        level[last] = _Node(path.replace(ITEM, ""), facts, facts.open or f"{path}{ITEM}" in VARIED)
    return root


def _objects(level: Mapping[str, _Node]) -> Iterator[_Node]:
    """Everything that has properties of its own."""
    for node in level.values():
        if node.below:
            yield node
            yield from _objects(node.below)


def _interface(node: _Node) -> str:
    members = "".join(_member(each, below, "", "    ") for each, below in node.below.items())
    extra = "    [key: string]: any;\n" if node.open else ""
    return f"  interface {pascal(node.path)} {{\n{members}{extra}  }}\n"


def _member(name: str, node: _Node, namespace: str, indent: str) -> str:
    facts = node.facts
    mark = "?" if facts.optional else ""
    stage = f"Availability: {facts.stage}." if facts.stage else ""
    return (
        jsdoc([_sentence(facts.description), stage], indent)
        + f"{indent}{key(name)}{mark}: {_type(name, node, namespace)};\n"
    )


def _sentence(words: str) -> str:
    return f"{words}." if words and not words.endswith(".") else words


def _type(name: str, node: _Node, namespace: str) -> str:
    if node.path == "secrets":
        return "Secrets"
    facts = node.facts
    if node.below:
        named = f"{namespace}{pascal(node.path)}"
        return f"{named}[]" if facts.type.endswith(ITEM) else named
    if facts.choices:
        return union(facts.choices)
    if facts.item_choices:
        return f"({union(facts.item_choices)})[]"
    return _plain(facts)


def _plain(facts: Property) -> str:
    match facts.type:
        case "object" if facts.description.startswith(PAIRS):
            return "{ [key: string]: string }"
        case "object":
            return ANYTHING
        case "object[]":
            return f"{ANYTHING}[]"
        case "object<string,string>":
            return "{ [key: string]: string }"
        case known:
            return known


def union(choices: tuple[str, ...]) -> str:
    """One of those strings and nothing else."""
    return " | ".join(quoted(each) for each in choices)
