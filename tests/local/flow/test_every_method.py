"""Each sample event of the catalogue runs through an action that calls every api method of its trigger."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.engine.events import problems
from reconciler.local.node.runtime import NodeHost
from reconciler.model.execution import FlowRun
from reconciler.npm import node_executable
from tests.local.flow.every_method import action_of, alone, recorded, together
from tests.local.tenant.opened import opened

FIRED = {name: facts for name, facts in triggers().items() if facts.handlers}
NO_BROWSER = ("oauth2-refresh-token", "oauth2-token-exchange")

EFFECT_OF = {
    "idToken.setCustomClaim": ("id_token", {"a-key": "any"}),
    "accessToken.setCustomClaim": ("access_token", {"a-key": "any"}),
    "user.setUserMetadata": ("user_metadata", {"a-key": "any"}),
    "user.setAppMetadata": ("app_metadata", {"a-key": "any"}),
    "transaction.setMetadata": ("transaction_metadata", {"a-key": "any"}),
    "transaction.setResultUrl": ("result_url", "https://elsewhere.acme.example/path?from=login"),
    "transaction.clearTargetScopes": ("scopes", ()),
    "authentication.setPrimaryUser": ("primary_user", "a-primary_user_id"),
    "authentication.setUserById": ("user", {"id": "a-user_id"}),
    "authentication.setActor": (
        "actor",
        {"sub": "auth0|desk", "team": "support", "act": {"sub": "auth0|lead"}},
    ),
    "notification.retry": ("notification", "retry"),
}
"""What is left of the effects where all methods are called in the order of the catalogue."""

LOST = ("post-login", "user.setUserMetadata")
"""User metadata set beside setPrimaryUser."""

REASONS = {
    ("post-login", "access.deny"): ("a-reason", "", ""),
    ("post-login", "validation.error"): ("a-errorCode", "a-errorCode", "a-errorMessage"),
    ("post-login", "session.revoke"): ("a-reason", "", ""),
    ("post-login", "refreshToken.revoke"): ("a-reason", "", ""),
    ("credentials-exchange", "access.deny"): ("a-reason", "server_error", ""),
    ("pre-user-registration", "access.deny"): ("a-reason", "", "a-userMessage"),
    ("pre-user-registration", "validation.error"): ("a-errorCode", "a-errorCode", "a-errorMessage"),
    ("password-reset-post-challenge", "access.deny"): ("a-reason", "", ""),
    ("custom-token-exchange", "access.deny"): ("a-reason", "a-code", ""),
    ("custom-token-exchange", "access.rejectInvalidSubjectToken"): ("a-reason", "invalid_request", ""),
}


def after(facts: TriggerFacts) -> tuple[str, ...]:
    """What the continue handler calls: also what only it may call."""
    only = ("authentication.recordMethod",) if facts.id == "post-login" else ()
    return (*together(facts), *only)


def suspends(facts: TriggerFacts, sample: str) -> bool:
    return (samples(facts)[sample].get("transaction") or {}).get("protocol") not in NO_BROWSER


def samples(facts: TriggerFacts) -> Mapping[str, Mapping[str, Any]]:
    return {"sample_event": facts.sample_event, "every_property": facts.every_property, **facts.sample_variants}


@cache
def runs(trigger: str) -> Mapping[tuple[str, str], FlowRun]:
    """(sample, what was called) -> what came of it: all that fit together, and each of the others alone."""
    return asyncio.run(_runs(FIRED[trigger]))


async def _runs(facts: TriggerFacts) -> Mapping[tuple[str, str], FlowRun]:
    done: dict[tuple[str, str], FlowRun] = {}
    with tempfile.TemporaryDirectory() as folder:
        host = NodeHost(node_executable())
        async with host, opened(Path(folder) / "tenant", runner=host) as session:
            trigger = [{"id": facts.id}]
            await session.deployed("every", supported_triggers=trigger, code=action_of(facts))
            if facts.bindable:
                path = f"/api/v2/actions/triggers/{facts.id}/bindings"
                await session.answer("PATCH", path, {"bindings": [{"ref": {"type": "action_name", "value": "every"}}]})
            for name, event in samples(facts).items():
                steps = {"together": list(together(facts)), **{each: [each] for each in alone(facts)}}
                for what, run in steps.items():
                    done[name, what] = await session.tenant.fire(facts.id, {**event, "run": run, "then": []})
                if len(facts.handlers) > 1:
                    asked = {**event, "run": ["redirect.sendUserTo"], "then": list(after(facts))}
                    first = await session.tenant.fire(facts.id, asked)
                    waits = first.suspension
                    done[name, "after"] = await session.tenant.resume(waits.state, {}) if waits else first
    return done


CASES = [(trigger, name) for trigger, facts in FIRED.items() for name in samples(facts)]


@pytest.mark.parametrize(("trigger", "sample"), CASES)
def test_the_sample_event_validates(trigger: str, sample: str) -> None:
    facts = FIRED[trigger]
    assert problems(facts.event, samples(facts)[sample]) == ()


@pytest.mark.parametrize(("trigger", "sample"), CASES)
def test_an_action_calls_every_method_of_its_trigger_and_each_has_its_effect(trigger: str, sample: str) -> None:
    facts = FIRED[trigger]
    run = runs(trigger)[sample, "together"]
    (execution,) = run.executions
    assert execution.error is None
    assert [call.method for call in execution.calls] == [told for name in together(facts) for told in recorded(name)]
    assert run.status == "completed"
    for method, (field, value) in EFFECT_OF.items():
        if method in together(facts) and (trigger, method) != LOST:
            assert (method, getattr(run.effects, field)) == (method, value)


@pytest.mark.parametrize(("trigger", "sample"), [case for case in CASES if len(FIRED[case[0]].handlers) > 1])
def test_the_continue_handler_calls_every_method_too(trigger: str, sample: str) -> None:
    facts = FIRED[trigger]
    run = runs(trigger)[sample, "after"]
    if not suspends(facts, sample):
        assert run.status == "denied"
        return
    (execution,) = run.executions
    assert (execution.error, execution.handler, run.status) == (None, facts.handlers[1], "completed")
    assert [call.method for call in execution.calls] == [told for name in after(facts) for told in recorded(name)]
    assert run.effects.methods == (("https://factor.acme.example",) if trigger == "post-login" else ())


@pytest.mark.parametrize(("trigger", "sample"), CASES)
def test_methods_that_end_a_flow_end_it_and_those_that_suspend_it_suspend_it(trigger: str, sample: str) -> None:
    facts = FIRED[trigger]
    for method in facts.methods:
        if method.name not in alone(facts):
            continue
        run = runs(trigger)[sample, method.name]
        (execution,) = run.executions
        assert ([call.method for call in execution.calls], execution.error) == ([method.name], None)
        if method.ends_flow and not method.suspends_flow:
            told = (run.status, (run.reason, run.code, run.user_message))
            assert told == ("denied", REASONS[trigger, method.name])
        elif method.suspends_flow and not suspends(facts, sample):
            assert (run.status, run.code) in (("denied", "interaction_required"), ("denied", "mfa_required"))
        elif method.suspends_flow:
            assert (run.status, run.suspension and run.suspension.method) == ("suspended", method.name)
        else:
            assert run.effects.user == {
                "connection": "a-connection_name",
                "attributes": run.effects.user["attributes"],
                "options": {"creationBehavior": "none", "updateBehavior": "replace"},
            }
