"""Every action has a folder, and a folder tells whose it is."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.naming import folders, folders_of, is_safe, safe

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=150)


@pytest.mark.parametrize("name", ["notify-slack", "Tell Slack", "greet.v2", "Grüße", "日本"])
def test_a_name_that_a_folder_can_have_is_the_folder(name: str) -> None:
    assert folders_of([name]) == {name: name}


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Enrich: token", "Enrich- token-"),
        ("a/b\\c", "a-b-c-"),
        ("..", "action-"),
        ("CON", "action-CON-"),
        ("aux.js", "action-aux.js-"),
        (" padded ", "padded-"),
        ("dots...", "dots-"),
        ("e\u0301", "\u00e9-"),
        ("x" * 300, "x" * 113 + "-"),
    ],
)
def test_other_names_get_a_safe_form_that_ends_in_their_digest(name: str, begins: str) -> None:
    folder = folders_of([name])[name]
    assert folder == safe(name)
    assert folder.startswith(begins)
    assert len(folder) == len(begins) + 6


def test_names_that_some_disks_take_for_one_get_two_folders() -> None:
    assert folders_of(["greet", "Greet", "GREET"]) == {"GREET": "GREET", "Greet": safe("Greet"), "greet": safe("greet")}
    assert folders_of(["greet"], taken=["GREET"]) == {"greet": safe("greet")}


@given(st.lists(names, max_size=8))
def test_no_two_names_share_a_folder_on_any_disk(listed: list[str]) -> None:
    found = folders_of(listed)
    assert found.keys() == set(listed)
    assert len({unicodedata.normalize("NFC", folder).casefold() for folder in found.values()}) == len(found)
    for name, folder in found.items():
        assert folder in folders(name)


@given(names)
def test_a_safe_form_is_safe_and_a_folder_of_it_can_be_made(name: str) -> None:
    assert is_safe(safe(name))
    assert Path(safe(name)).name == safe(name)
    assert safe(name) != name
