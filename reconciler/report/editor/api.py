"""The `api` of a trigger, as TypeScript interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.catalogue.triggers import Method, Param, TriggerFacts
from reconciler.engine.effects.arguments import NULL_REMOVES
from reconciler.report.editor.event import ANYTHING, union
from reconciler.report.editor.jsdoc import jsdoc
from reconciler.report.editor.names import ALIASES, key, pascal, trigger_name

CHAINED = "api object (calls can be chained)"
RETURNS = {
    "void (no return documented)": "void",
    "throws Error on failure": "void",
    # What is not documented may be anything, so that nothing is called wrong that is not known to be.
    "not documented": "any",
    "not documented (paged list; presumably a promise)": "Promise<any>",
    "boolean": "boolean",
    "string (JWT)": "string",
    "object (JWT payload)": ANYTHING,
    "promise of {roles}": "Promise<{ roles: any[] }>",
    "promise of {roles, next}": "Promise<{ roles: any[]; next?: string }>",
    "record {value, expires_at} or undefined; not a promise": "CacheRecord | undefined",
    'CacheWriteSuccess {type:"success", record} or CacheWriteError {type:"error", code}': (
        "CacheWriteSuccess | CacheWriteError"
    ),
    '{type:"success"} or {type:"error", code}': '{ type: "success" } | CacheWriteError',
}
"""What the catalogue says of what a method gives back -> its type."""

FACTOR_LISTS = frozenset({"factors", "additionalFactors"})
"""Lists of factors, each of them what the method for a single one takes."""


def render_api(trigger: TriggerFacts) -> str:
    """`PostLoginAPI` with one interface in the namespace `PostLogin` for each group of methods, such as api.access."""
    name = trigger_name(trigger)
    groups: dict[str, list[Method]] = {}
    for method in trigger.methods:
        groups.setdefault(method.name.partition(".")[0], []).append(method)
    inner = "\n".join(_group(group, methods, trigger) for group, methods in groups.items())
    namespace = f"declare namespace {name} {{\n{inner}}}\n\n" if inner else ""
    members = "".join(f"  {key(group)}: {name}.{pascal(group)}Api;\n" for group in groups)
    extra = "" if groups else "  [key: string]: any;\n"
    aliases = "".join(f"type {alias} = {name}API;\n" for alias in ALIASES.get(trigger.id, ()))
    what = jsdoc([f"What an action of {trigger.id} can do."])
    return f"{namespace}{what}interface {name}API {{\n{members}{extra}}}\n{aliases}"


def _group(group: str, methods: Iterable[Method], trigger: TriggerFacts) -> str:
    members = "".join(_method(method, trigger) for method in methods)
    return f"  interface {pascal(group)}Api {{\n{members}  }}\n"


def _method(method: Method, trigger: TriggerFacts) -> str:
    factor = _factor(method, trigger)
    nullable = method.name in NULL_REMOVES
    params = ", ".join(_param(each, factor, nullable and each.name == "value") for each in method.params)
    returns = f"{trigger_name(trigger)}API" if method.returns == CHAINED else RETURNS.get(method.returns, "any")
    words = [f"{method.effect}.", f"Limits: {method.limits}." if method.limits else ""]
    return f"{jsdoc(words, '    ')}    {key(method.name.rpartition('.')[2])}({params}): {returns};\n"


def _factor(method: Method, trigger: TriggerFacts) -> str:
    """The type of one factor, for methods that take lists of them: that of `challengeWith` for `challengeWithAny`."""
    single = method.name.removesuffix("Any")
    known: Mapping[str, Method] = {each.name: each for each in trigger.methods}
    first = known[single].params[:1] if single in known else ()
    return _object(first[0], "") if first and first[0].properties else ANYTHING


def _param(param: Param, factor: str, nullable: bool = False) -> str:
    null = " | null" if nullable else ""
    return f"{key(param.name)}{'?' if param.optional else ''}: {_type(param, factor)}{null}"


def _object(param: Param, factor: str) -> str:
    members = "; ".join(_param(each, factor) for each in param.properties)
    return f"{{ {members} }}"


def _type(param: Param, factor: str) -> str:
    if param.choices:
        return union(param.choices)
    if param.named:
        return f"{union(param.named)} | (string & {{}})"
    if param.properties:
        return _object(param, factor)
    if param.name in FACTOR_LISTS and param.type == "object[]":
        return f"{factor}[]"
    return _plain(param.type)


def _plain(named: str) -> str:
    match named:
        case "any JSON value":
            return "JsonValue"
        case "string | number | boolean | null | array of those":
            return "string | number | boolean | null | (string | number | boolean | null)[]"
        case "object":
            return ANYTHING
        case "object[]":
            return f"{ANYTHING}[]"
        case known:
            return known
