"""An action that calls every method of its trigger, made from the catalogue: one function per method, with valid
arguments. Which of them run, the event says: {run: [names], then: [names after the user came back]}."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.catalogue.triggers import Method, Param, TriggerFacts

FAR = 4_102_444_800_000
"""Milliseconds of the year 2100."""

BY_NAME: Mapping[str, Any] = {
    "url": "https://elsewhere.acme.example/path",
    "provider_url": "https://factor.acme.example",
    "factor": {"type": "recovery-code"},
    "factors": [{"type": "otp"}, {"type": "phone"}],
    "additionalFactors": [{"type": "email"}],
    "fields": {"company": "Northwind"},
    "vars": {"crm": "8841"},
    "query": {"from": "login"},
    "actor": {"sub": "auth0|desk", "team": "support", "act": {"sub": "auth0|lead"}},
    "absolute": FAR,
    "inactivity": FAR,
    "expires_at": FAR,
    "take": 50,
}

BY_METHOD: Mapping[str, str] = {
    "authentication.setOrganization": "api.authentication.setOrganization(event.organization?.id ?? 'org_any')",
    "redirect.validateToken": """(
      event.request.query = {...event.request.query, session_token: api.redirect.encodeToken({
        secret: "s", payload: {state: event.request.query?.state ?? event.request.body?.state}})},
      api.redirect.validateToken({secret: "s"}))""",
}
"""What depends on the event."""

ALONE = frozenset({"authentication.setUserByConnection"})
"""Not beside the method that it excludes."""


def action_of(facts: TriggerFacts) -> str:
    """The code of that action."""
    table = ",\n".join(f"  {json.dumps(each.name)}: (event, api) => {_call(each)}" for each in facts.methods)
    handlers = "\n".join(
        f"exports.{name} = (event, api) => all(event.{'then' if 'Continue' in name else 'run'}, event, api);"
        for name in facts.handlers
    )
    return f"""
const calls = {{
{table}
}};
async function all(names, event, api) {{
  for (const name of names) await calls[name](event, api);
}}
{handlers}
"""


def together(facts: TriggerFacts) -> tuple[str, ...]:
    """The methods that one run of the first handler can call one after the other."""
    return tuple(each.name for each in facts.methods if not _alone(each) and each.name != "authentication.recordMethod")


def alone(facts: TriggerFacts) -> tuple[str, ...]:
    """The methods that need a run of their own: they end or suspend the flow, or exclude another."""
    return tuple(each.name for each in facts.methods if _alone(each))


def recorded(name: str) -> list[str]:
    """The calls that a run tells for that method."""
    return ["redirect.encodeToken", name] if name == "redirect.validateToken" else [name]


def _alone(method: Method) -> bool:
    return method.ends_flow or method.suspends_flow or method.name in ALONE


def _call(method: Method) -> str:
    own = BY_METHOD.get(method.name)
    return own or f"api.{method.name}({', '.join(json.dumps(_value(each)) for each in method.params)})"


def _value(param: Param) -> Any:
    if param.name in BY_NAME:
        return BY_NAME[param.name]
    if param.choices:
        return param.choices[-1]
    if param.type == "object":
        return {each.name: _value(each) for each in param.properties} or {"n": 1}
    simple: Mapping[str, Any] = {"string": f"a-{param.name}", "number": 60_000, "boolean": True}
    if param.type.endswith("[]"):
        return [simple[param.type.removesuffix("[]")]]
    return simple.get(param.type, "any")
