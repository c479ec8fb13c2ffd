"""Secret values are taken out of what a run did, in every form they usually travel in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.local.flow.run_record import masked_run
from reconciler.local.node.masking import masked, masked_value
from reconciler.model.effects import Effects, Suspension
from reconciler.model.execution import Call, Execution, FlowRun, Request, Thrown

SECRET = 'p@ss/w?rd+"ü"-123'
MARKS = {SECRET: "[secret KEY]"}

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "JSON": json.dumps,
    "JSON with other letters": lambda text: json.dumps(text, ensure_ascii=False),
    "encodeURIComponent": lambda text: quote(text, safe="!~*'()"),
    "a form": quote_plus,
    "a path": quote,
}


@pytest.mark.parametrize("form", FORMS)
@given(secret=st.text(min_size=6, max_size=40), before=st.text(max_size=5), after=st.text(max_size=5))
def test_a_secret_is_found_wherever_it_stands_in_a_text(form: str, secret: str, before: str, after: str) -> None:
    told = FORMS[form](before + secret + after)
    assert "[secret KEY]" in masked_value(told, {secret: "[secret KEY]"})


def test_basic_authentication_does_not_give_the_password_away() -> None:
    header = "Basic " + base64.b64encode(f"ada:{SECRET}".encode()).decode()
    hidden = masked_value({"authorization": header}, MARKS)["authorization"]
    shown = hidden.replace("[secret KEY]", "").removeprefix("Basic ")
    assert len(shown) < 10
    assert base64.b64encode(b"ada").decode() in shown


def test_every_part_of_an_execution_that_the_code_tells_is_masked_and_nothing_else() -> None:
    execution = Execution(
        action="greet-me",
        handler="on",
        calls=(Call(method="user.setAppMetadata", args=({SECRET: [SECRET, 1, None]},)),),
        requests=(Request(method="POST", url=f"https://h.example/{quote(SECRET, safe='')}", body=SECRET),),
        console=(f"a {SECRET} b",),
        error=Thrown(name="Error", message=SECRET, stack=f"at {SECRET}"),
        duration_ms=2.5,
        runtime="node22",
    )
    told = masked(execution, {**MARKS, "greet-me": "[secret NAME]"})
    assert SECRET not in repr(told)
    assert told.calls[0].args == ({"[secret KEY]": ["[secret KEY]", 1, None]},)
    assert (told.console, told.action, told.duration_ms) == (("a [secret KEY] b",), "greet-me", 2.5)
    assert told.requests[0].url == "https://h.example/[secret KEY]"


def test_each_line_of_a_long_secret_is_masked_since_output_is_kept_by_the_line() -> None:
    key = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n"
    assert masked_value(key.splitlines(), {key: "[secret PEM]"}) == ["[secret PEM]"] * 4


def test_the_longest_secret_is_taken_out_first_and_words_are_left() -> None:
    marks = {"abcdefgh": "[secret LONG]", "abcdef": "[secret SHORT]", "info": "[secret WORD]"}
    assert masked_value("abcdefgh abcdef info", marks) == "[secret LONG] [secret SHORT] info"


NAMES = sorted(
    {name for each in (Execution, Call, Request, Thrown, FlowRun, Effects, Suspension) for name in each.model_fields}
)


@pytest.mark.parametrize("word", [*NAMES, "completed", "access"])
def test_a_secret_that_is_a_word_of_ours_harms_nothing(word: str) -> None:
    execution = Execution(
        action="greet",
        handler="on",
        calls=(Call(method="idToken.setCustomClaim", args=(word, {word: word})),),
        requests=(Request(method="GET", url=f"https://h.example/{word}"),),
        console=(word,),
        error=Thrown(name="Error", message=word),
    )
    effects = Effects(id_token={word: word}, multifactor={"provider": word})
    suspension = Suspension(state="s", method="prompt.render", action="greet", args=(word,))
    run = FlowRun(
        trigger="post-login", status="completed", executions=(execution,), effects=effects, suspension=suspension
    )
    told = masked_run(run, [word])
    assert FlowRun.model_validate(told.model_dump()) == told
    assert told.status == "completed"
    if len(word) >= 6:
        assert (told.executions[0].console, told.effects.id_token) == (("***",), {"***": "***"})
