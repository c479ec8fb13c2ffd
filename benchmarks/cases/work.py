"""The work that every runner gets: actions, and for each its cases as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Call = tuple[str, tuple[Any, ...]]
"""A method below api, and its arguments."""

FRESH = """let runs = 0;
const fresh = () => {
  runs += 1;
  if (runs > 1) throw new Error('the state of another case is still here');
};
"""
"""Every action has state of its own and throws where it is not new: no runner may keep modules from case to case."""

CLEAN = """const clean = () => {
  const clock = Date.now() === 0;
  const traces = { array: [].polluted, global: globalThis.polluted, clock, env: process.env.POLLUTED };
  const left = Object.keys(traces).filter((name) => traces[name]);
  if (left.length) throw new Error(`traces of another case: ${left}`);
};
const pollute = () => {
  Array.prototype.polluted = true;
  globalThis.polluted = true;
  Date.now = () => 0;
  process.env.POLLUTED = 'yes';
  setInterval(() => (globalThis.polluted = true), 1).unref();
};
"""
"""For the proof of isolation: what the first case of an action does to its surroundings, and what others look for."""


@dataclass(frozen=True)
class Work:
    """One case: the event is laid over the sample event of the trigger."""

    name: str
    event: dict[str, Any]
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Tested:
    """One action with its cases. `methods` are those of api that its code may call."""

    name: str
    trigger: str
    handler: str
    code: str
    methods: tuple[str, ...]
    cases: tuple[Work, ...]


@dataclass(frozen=True)
class Kind:
    """A sort of action: `body` is what its handler does, `case` makes the case of a number."""

    trigger: str
    handler: str
    body: str
    methods: tuple[str, ...]
    case: Callable[[int, int], Work]


def _roles(action: int, number: int) -> Work:
    roles = [f"role-{each}" for each in range(number % 4)]
    event = {"user": {"email": f"u{number}@example.com"}, "authorization": {"roles": roles}}
    claims = ("https://acme.example/roles", roles)
    calls: tuple[Call, ...] = (("idToken.setCustomClaim", claims), ("accessToken.setCustomClaim", claims))
    if len(roles) > 2:
        calls += (("multifactor.enable", ("any", {"allowRememberBrowser": False})),)
    return Work(f"puts {len(roles)} roles into the tokens of user {number}", event, calls)


def _domain(action: int, number: int) -> Work:
    domain = ("example.com", "EXAMPLE.COM", "evil.example", "sub.example.com")[number % 4]
    denied: Call = ("access.deny", ("domain_not_allowed", f"Please sign up with an address of company {action}."))
    calls = () if domain.lower() == "example.com" else (denied,)
    return Work(f"decides on user {number} of {domain}", {"user": {"email": f"u{number}@{domain}"}}, calls)


def _first_login(action: int, number: int) -> Work:
    count = 1 if number % 3 == 0 else number + 1
    event = {"stats": {"logins_count": count}, "user": {"user_metadata": {"locale": "de" if number % 2 else ""}}}
    first: tuple[Call, ...] = (
        ("user.setAppMetadata", ("first_client", f"client-{action}")),
        ("user.setUserMetadata", ("locale", "de" if number % 2 else "en")),
    )
    return Work(
        f"at login {count} of user {number}",
        {**event, "client": {"name": f"client-{action}"}},
        first if count == 1 else (),
    )


def _machine(action: int, number: int) -> Work:
    tier, asked = (
        ("gold" if number % 2 else "basic"),
        ["read:orders", "write:orders", "delete:orders"][: 1 + number % 3],
    )
    event = {"client": {"metadata": {"tier": tier}}, "accessToken": {"scope": asked}}
    calls: tuple[Call, ...] = (("accessToken.setCustomClaim", ("https://acme.example/tier", tier)),)
    if "delete:orders" in asked and tier == "basic":
        calls += (("access.deny", ("invalid_scope", "basic clients do not delete")),)
    return Work(f"client {number} asks for {len(asked)} scopes", event, calls)


KINDS = (
    Kind(
        "post-login",
        "onExecutePostLogin",
        """  const roles = event.authorization?.roles ?? [];
  api.idToken.setCustomClaim('https://acme.example/roles', roles);
  api.accessToken.setCustomClaim('https://acme.example/roles', roles);
  if (roles.length > 2) api.multifactor.enable('any', { allowRememberBrowser: false });""",
        ("idToken.setCustomClaim", "accessToken.setCustomClaim", "multifactor.enable"),
        _roles,
    ),
    Kind(
        "pre-user-registration",
        "onExecutePreUserRegistration",
        """  const domain = (event.user.email ?? '').split('@').pop().toLowerCase();
  if (domain !== 'example.com') {
    api.access.deny('domain_not_allowed', 'Please sign up with an address of company ACTION.');
  }""",
        ("access.deny",),
        _domain,
    ),
    Kind(
        "post-login",
        "onExecutePostLogin",
        """  if (event.stats.logins_count !== 1) return;
  api.user.setAppMetadata('first_client', event.client.name);
  api.user.setUserMetadata('locale', event.user.user_metadata.locale || 'en');""",
        ("user.setAppMetadata", "user.setUserMetadata"),
        _first_login,
    ),
    Kind(
        "credentials-exchange",
        "onExecuteCredentialsExchange",
        """  const tier = event.client.metadata.tier ?? 'basic';
  api.accessToken.setCustomClaim('https://acme.example/tier', tier);
  if (event.accessToken.scope.includes('delete:orders') && tier === 'basic') {
    api.access.deny('invalid_scope', 'basic clients do not delete');
  }""",
        ("accessToken.setCustomClaim", "access.deny"),
        _machine,
    ),
)


def work(actions: int, cases: int, *, polluted: bool = False) -> Iterator[Tested]:
    """So many actions with so many cases each, sorts in turn. With `polluted` the first case of each changes what all
    code shares, and the others throw where they see that."""
    for action in range(actions):
        kind = KINDS[action % len(KINDS)]
        named = f"action-{action:03}"
        yield Tested(
            name=named,
            trigger=kind.trigger,
            handler=kind.handler,
            code=_code(kind, action, polluted),
            methods=kind.methods,
            cases=tuple(_case(kind, action, number, polluted) for number in range(cases)),
        )


def _code(kind: Kind, action: int, polluted: bool) -> str:
    begin = "  fresh();\n"
    if polluted:
        begin += "  clean();\n  if (event.request.query?.pollute) pollute();\n"
    body = kind.body.replace("ACTION", str(action))
    shared = FRESH + (CLEAN if polluted else "")
    return f"{shared}\nexports.{kind.handler} = async (event, api) => {{\n{begin}{body}\n}};\n"


def _case(kind: Kind, action: int, number: int, polluted: bool) -> Work:
    case = kind.case(action, number)
    if not (polluted and number == 0):
        return case
    return Work(case.name, {**case.event, "request": {"query": {"pollute": "yes"}}}, case.calls)
