from __future__ import annotations

import re

import pytest

from reconciler.catalogue.rules import RULES, Rule
from reconciler.cli import status
from reconciler.engine import leaks
from reconciler.errors import Diagnostic
from tests.rules.examples import FOLDERS, HERE, Example, findings, folders, pages
from tests.rules.index import INDEX, rules_index

Found = dict[str, tuple[Diagnostic, ...]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the rules find in every example, by its name."""
    return findings([*folders(), *pages()], tmp_path_factory.mktemp("rules"))


def test_every_rule_has_a_bad_and_a_good_folder() -> None:
    assert [folder.name[:4] for folder in FOLDERS] == list(RULES)
    assert all((folder / kind).is_dir() for folder in FOLDERS for kind in ("bad", "good"))


@pytest.mark.parametrize("example", [one for one in folders() if one.name.endswith("bad")], ids=lambda one: one.name)
def test_what_is_bad_is_found_at_its_place(example: Example, found: Found) -> None:
    told = "".join(f"{each.severity} {each}\n" for each in found[example.name])
    assert told == (HERE / example.name / "expected.txt").read_text(encoding="utf-8")
    assert {each.code for each in found[example.name]} == {example.rule.code}
    assert all(each.remedy and each.severity == example.rule.severity for each in found[example.name])


@pytest.mark.parametrize("example", [one for one in folders() if one.name.endswith("good")], ids=lambda one: one.name)
def test_nothing_is_found_in_what_is_good(example: Example, found: Found) -> None:
    assert list(map(str, found[example.name])) == []


@pytest.mark.parametrize("example", pages(), ids=lambda one: one.name)
def test_the_examples_of_a_page_are_what_it_says(example: Example, found: Found) -> None:
    codes = {each.code for each in found[example.name]}
    assert codes == ({example.rule.code} if example.name.endswith("Wrong") else set())


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_page_has_its_parts_and_is_short(rule: Rule) -> None:
    page = rule.page
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == ["Why it hurts", "Wrong", "Right", "To leave it alone"]
    assert len(page.splitlines()) <= 55
    assert max(map(len, page.splitlines())) <= 170


def test_the_index_is_what_the_pages_make() -> None:
    assert INDEX.read_text(encoding="utf-8") == rules_index(RULES.values()), "run `python -m tests.rules.index`"


def test_the_command_lists_every_rule_and_shows_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["rule"]) == 0
    assert re.findall(r"^R\d+", capsys.readouterr().out, re.MULTILINE) == list(RULES)
    assert status(["rule", "r051"]) == 0
    assert "AbortSignal.timeout" in capsys.readouterr().out
    assert status(["rule", "R052"]) == 64
    assert "no rule R052" in capsys.readouterr().err


def test_a_token_is_told_by_its_line_and_column() -> None:
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
    assert list(leaks.tokens(f"\n  const t = '{token}';\n// {token}\n")) == [
        (2, 14, "a GitHub token"),
        (3, 4, "a GitHub token"),
    ]
