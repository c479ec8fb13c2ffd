"""What is compared of a case that ran on a tenant, and which draft is not what git has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.on_tenant import differences
from reconciler.model.execution import Call, Execution, Thrown

DID = Execution(
    action="a",
    handler="b",
    calls=(Call(method="access.deny", args=("no", {"$odd": 1})),),
    console=("one", "Error: two", "    at code.js:3:1", "key ***!"),
)
TOLD = {
    "logs": "one\nError: two\n    at elsewhere:1:1\nkey s3cret!",
    "commands": [{"method": "access.deny", "args": ["no", {"$odd": 1}]}],
    "stats": {},
}


def told(execution: Execution = DID, **changes: Any) -> list[str]:
    """The differences where the tenant tells something else."""
    return list(differences(execution, {**TOLD, **changes}))


def test_the_same_is_no_difference() -> None:
    assert told() == []


def test_what_the_tenant_does_not_tell_is_not_compared() -> None:
    assert list(differences(DID, {"stats": {}})) == []
    assert told(logs=None, commands=["access.deny"]) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"logs": "one\nError: 2\nkey x!"}, "line 2 of the console is another one there than Error: two"),
        ({"logs": "one\nError: two\nkey x"}, "line 3 of the console is another one there than key ***!"),
        ({"logs": "one"}, "the console has 1 lines there and 3 here"),
        ({"commands": []}, "there are 0 api calls there and 1 here"),
        (
            {"commands": [{"method": "access.deny", "args": ["yes"]}]},
            'api call 1 is another one there than api.access.deny("no", {"$odd": 1})',
        ),
        ({"error": {"name": "TypeError", "message": "real-value"}}, "it throws there only: TypeError"),
    ],
)
def test_a_difference_tells_what_was_here_and_never_what_was_there(changes: dict[str, Any], said: str) -> None:
    assert told(**changes) == [said]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, ["it throws here only: TypeError: no *** there"]),
        ({"name": "TypeError", "message": "no s3cret there"}, []),
        ({"name": "TypeError", "message": "no way"}, ["it throws another error there than TypeError: no *** there"]),
    ],
)
def test_errors_are_compared_by_name_and_message(error: Any, said: list[str]) -> None:
    threw = DID.model_copy(update={"error": Thrown(name="TypeError", message="no *** there")})
    assert told(threw, **({"error": error} if error else {})) == said


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=20, max_size=20))
def test_any_value_may_stand_where_a_secret_was(parts: list[str], values: list[str]) -> None:
    ours = "***".join(part.replace("\n", " ").replace("*", "x") for part in parts)
    pieces = ours.split("***")
    theirs = "".join(value + piece for value, piece in zip(["", *values * len(pieces)], pieces, strict=False))
    ran = Execution(action="a", handler="b", calls=(Call(method="m", args=(ours,)),))
    command = {"method": "m", "args": [theirs]}
    assert list(differences(ran, {"commands": [command]})) == []
