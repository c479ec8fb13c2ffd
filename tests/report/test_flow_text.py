"""What a terminal is told of a flow."""

from __future__ import annotations

import io
from typing import Literal

import pytest
from rich.console import Console

from reconciler.model.effects import Effects, Suspension
from reconciler.model.execution import FlowRun
from reconciler.report.execution import flow_text

EFFECTS = Effects(
    id_token={"https://acme.example/tier": "gold"},
    dropped=("roles",),
    scopes=(),
    user_metadata={"newsletter": None},
    session={"expires_at": 1795334472310, "metadata": {"cart": "c-1"}},
    primary_user="auth0|2",
    methods=("https://factor.test",),
    multifactor={"provider": "any", "options": {}},
    notification="retry",
    notification_reason="busy",
)
SHOWN = """\
  id token      https://acme.example/tier = "gold"
  user metadata remove newsletter
  session       expires_at = 1795334472310
  session       metadata = {"cart": "c-1"}
  dropped       claim roles: the platform keeps that name for itself
  scopes        none
  primary user  auth0|2
  method        https://factor.test
  multifactor   any
  notification  retry: busy
"""


def text(run: FlowRun) -> str:
    out = io.StringIO()
    Console(file=out, width=160, highlight=False, markup=False).print(flow_text(run, "reconciler login --continue"))
    return out.getvalue()


def test_every_effect_has_a_line() -> None:
    told = text(FlowRun(trigger="post-login", status="completed", effects=EFFECTS, log_id="900"))
    assert told.splitlines()[0] == "post-login completed"
    assert [line.split() for line in told.splitlines()[1:-1]] == [line.split() for line in SHOWN.splitlines()]
    assert told.splitlines()[-1] == "log 900"


@pytest.mark.parametrize(
    ("run", "first"),
    [
        (
            FlowRun(trigger="pre-user-registration", status="denied", reason="spam", user_message="Not you"),
            "pre-user-registration denied: spam; told the user: Not you",
        ),
        (
            FlowRun(trigger="credentials-exchange", status="denied", reason="no", code="invalid_scope"),
            "credentials-exchange denied: no; code invalid_scope",
        ),
        (FlowRun(trigger="post-login", status="denied", reason="bad", code="bad"), "post-login denied: bad"),
    ],
)
def test_a_denial_says_all_that_was_given(run: FlowRun, first: str) -> None:
    assert text(run).splitlines()[0] == first


def test_a_flow_that_waits_says_for_what_and_how_to_go_on() -> None:
    sent = Suspension(state="ab12", method="redirect.sendUserTo", action="terms", url="https://x.test?state=ab12")
    lines = text(FlowRun(trigger="post-login", status="suspended", suspension=sent)).splitlines()
    assert lines[1:3] == [
        "  waits  terms sent the user to https://x.test?state=ab12",
        "  go on  reconciler login --continue ab12",
    ]
    form = Suspension(state="ab12", method="prompt.render", action="terms", args=("ap_1",))
    told = text(FlowRun(trigger="post-login", status="suspended", suspension=form))
    assert 'terms waits for prompt.render("ap_1")' in told


@pytest.mark.parametrize("status", ["denied", "failed"])
def test_a_flow_that_gives_no_tokens_shows_nothing_of_them(status: Literal["denied", "failed"]) -> None:
    shown = text(FlowRun(trigger="post-login", status=status, reason="no", effects=EFFECTS))
    assert "remove newsletter" in shown
    assert not any(word in shown for word in ("id token", "scopes", "claim"))
