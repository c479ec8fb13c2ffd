from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from reconciler.desired.secrets import SecretValue, Vault, fingerprint

TEXT = "correct horse battery staple"
VALUE = SecretValue(TEXT)


def test_only_reveal_gives_the_text() -> None:
    assert VALUE.reveal() == TEXT


@pytest.mark.parametrize("shown", [repr(VALUE), str(VALUE), f"{VALUE}", f"{VALUE!r:>40}", "%s" % VALUE, repr([VALUE])])  # noqa: UP031
def test_it_prints_as_secret(shown: str) -> None:
    assert "<secret>" in shown
    assert TEXT not in shown


def test_it_cannot_be_pickled_copied_or_serialised() -> None:
    attempts: tuple[Callable[[Any], object], ...] = (
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        json.dumps,
        vars,
        list,
        bytes,
    )
    for attempt in attempts:
        with pytest.raises(TypeError) as caught:
            attempt(VALUE)
        assert TEXT not in str(caught.value)


def test_it_has_no_place_in_a_model() -> None:
    with pytest.raises(TypeError, match="cannot be part of a model"):
        TypeAdapter(SecretValue)

    with pytest.raises(TypeError, match="cannot be part of a model"):

        class Leaky(BaseModel):
            model_config = ConfigDict(arbitrary_types_allowed=True)
            token: SecretValue


def test_it_does_not_show_in_an_exception_or_a_dataclass() -> None:
    @dataclass
    class Holder:
        token: SecretValue

    try:
        raise ValueError("cannot use", VALUE, Holder(VALUE))
    except ValueError:
        assert TEXT not in traceback.format_exc()
    with pytest.raises(TypeError):
        asdict(Holder(VALUE))


def test_a_vault_prints_nothing_and_knows_its_values() -> None:
    vault = Vault({("a", "TOKEN"): VALUE})
    assert vault.value("a", "TOKEN") is VALUE
    assert TEXT not in repr(vault)
    with pytest.raises(KeyError):
        vault.value("a", "OTHER")


Parts = tuple[str, str, str, str]
PARTS = st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))


@given(PARTS, PARTS)
def test_fingerprints_are_equal_only_for_the_same_tenant_action_name_and_value(one: Parts, two: Parts) -> None:
    stamps = {fingerprint(b"key", *each[:3], SecretValue(each[3])) for each in (one, two)}
    assert len(stamps) == (1 if one == two else 2)


def test_parts_of_a_fingerprint_do_not_run_together() -> None:
    one = fingerprint(b"key", "t", "ab", "c", SecretValue("d"))
    assert one != fingerprint(b"key", "t", "a", "bc", SecretValue("d"))
    assert one != fingerprint(b"other key", "t", "ab", "c", SecretValue("d"))


def test_a_fingerprint_is_sixteen_hex_digits_for_ever() -> None:
    """Changing how it is made would show every secret of every tenant as rotated."""
    assert fingerprint(b"key", "local", "notify-slack", "TOKEN", SecretValue("value")) == "a7c9028f03926b3f"
