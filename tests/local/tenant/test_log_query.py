"""The search of the tenant log, on one entry: what fits and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.local.refusal import Refusal
from reconciler.local.state.log_query import LONGEST, parsed_search

ENTRY = {
    "_id": "900",
    "date": "2026-11-22T08:01:12.318Z",
    "type": "sapi",
    "description": "Create an action",
    "client_name": None,
    "ip": "203.0.113.24",
    "user_name": "nadia.petrov@acme.example",
    "user_agent": "python-httpx/0.28 (test)",
    "isMobile": False,
    "scope": ["read:actions", "read:logs"],
    "details": {"request": {"method": "post"}, "response": {"statusCode": 201}, "elapsedTime": 900},
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "type:sapi",
        'type:"sapi"',
        "TYPE:s* OR type:sapi",
        "type:SAPI",
        "type:s*",
        "type:s?pi",
        "type:(s OR sapi)",
        'type:sapi AND description:"Create an action"',
        "type:sapi description:create",
        "description:create AND description:action",
        'description:"an action"',
        "NOT type:s",
        "-type:s",
        "type:sapi AND NOT description:delete",
        "(type:s OR type:sapi) AND (ip:203.0.113.24 OR ip:1.1.1.1)",
        "+type:sapi",
        "create",
        '"create an action"',
        "nadia*",
        "user_name:nadia.petrov@acme.example",
        "user_name:*@acme.example",
        "user_agent:python*",
        "scope:read\\:logs",
        'scope:"read:logs"',
        "isMobile:false",
        "details.request.method:post",
        "details.response.statusCode:201",
        "details.response.statusCode:[200 TO 299]",
        "details.elapsedTime:[* TO 1000]",
        "details.elapsedTime:>89",
        "details.elapsedTime:<=900",
        "date:[2026-01-01 TO *]",
        "date:[2026-11-22 TO 2026-11-22]",
        "date:[* TO 2026-11-22]",
        "date:[2026-11-22T08 TO 2026-11-22T09:00:00Z]",
        'date:["2026-11-22T08:01:12.318Z" TO *]',
        "date:{2026-11-21 TO 2026-11-23}",
        "date:>=2026-11-22",
        "_exists_:ip",
        "NOT _exists_:client_name",
        "*",
        "ip:203\\.0\\.113\\.2?",
    ],
)
def test_what_fits(text: str) -> None:
    assert parsed_search(text)(ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        "type:s",
        "type:api",
        "type:sap",
        "type:fapi OR type:s",
        "type:sapi AND description:delete",
        "type:sapi delete",
        "NOT type:sapi",
        "description:creat",
        'description:"action an"',
        "nobody",
        "client_name:*",
        "nothing:*",
        "details:post",
        "date:[2027-01-01 TO *]",
        "date:{2026-11-22 TO 2026-11-23}",
        "date:{2026-11-21 TO 2026-11-22}",
        "date:<2026-11-22",
        "details.elapsedTime:[1000 TO *]",
        "details.elapsedTime:>900",
        "_exists_:client_name",
    ],
)
def test_what_does_not_fit(text: str) -> None:
    assert not parsed_search(text)(ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        "type:",
        "(type:s",
        'type:"s',
        "type:s~",
        "type:s^2",
        "type:s^.",
        "type:s~.",
        '"a b"~.',
        '"a b"~3',
        "/regex/",
        "AND",
        "x" * (LONGEST + 1),
        "(" * 4000,
    ],
)
def test_what_is_no_search_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="The search is not understood"):
        parsed_search(text)


@given(st.text(alphabet='type:sapi AND OR NOT()[]{}"*?\\^~/-+<>=TO. é\n', max_size=40))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        assert parsed_search(text)(ENTRY) in (True, False)
    except Refusal as refusal:
        assert refusal.status == 400


def test_a_star_that_is_escaped_and_a_bracket_are_only_themselves() -> None:
    entry = {"description": "a*b[c]?"}
    assert parsed_search("a\\*b\\[c\\]\\?")(entry)
    assert not parsed_search("a\\*\\[c\\]\\?")(entry)
    assert parsed_search("a\\*b*")(entry)


def test_many_stars_cost_no_time() -> None:
    assert not parsed_search("*a" * 200 + "b")({"description": "a" * 20_000})
