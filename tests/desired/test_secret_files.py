from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.desired.load import load_repository
from reconciler.desired.repository import Repository
from reconciler.desired.secret_files import Prepared, edit, init, set_value
from reconciler.desired.secrets import FINGERPRINT_KEY, SecretValue
from reconciler.desired.secrets_check import check_secrets
from reconciler.desired.sops import Sops
from reconciler.desired.sops_file import parse_sops_file
from reconciler.errors import SecretsError
from tests.desired.conftest import GOOD, KEY_FILE, Builder

Open = Callable[[Path], Repository]
FILE = "secrets/local.sops.yaml"
HIDDEN = "visible-value-of-a-secret"


@pytest.fixture
def fresh(builder: Builder) -> Builder:
    """A repository without secrets."""
    builder.put("reconciler.yaml", "name: acme\n").put("tenants/local.yaml", f"type: local\nsecrets: {FILE}\n")
    builder.put(".gitignore", "*.age\n").commit()
    return builder


def prepared(fresh: Builder, opened: Open, sops: Sops, key_file: Path) -> Prepared:
    """What init does, with fixed time and randomness."""
    return init(
        opened(fresh.folder),
        sops,
        file=FILE,
        key_file=key_file,
        randbytes=lambda count: b"\x01" * count,
        clock=lambda: datetime(2026, 1, 2, tzinfo=UTC),
    )


def said(builder: Builder, opened: Open, sops: Sops) -> list[str]:
    """What `secrets check` says."""
    repository = opened(builder.folder)
    return [str(problem) for problem in check_secrets(load_repository(repository.worktree()), repository, sops)]


def test_init_makes_all_that_is_needed(fresh: Builder, opened: Open, keyless: Sops) -> None:
    key_file = fresh.folder / "local.age"
    made = prepared(fresh, opened, keyless, key_file)
    assert made.made == (str(key_file), ".sops.yaml", FILE)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert made.has_key and key_file.is_file()
    assert "# created: 2026-01-02T00:00:00+00:00" in key_file.read_text()
    values = keyless.decrypt((fresh.folder / FILE).read_bytes(), FILE, key_file)
    assert {key: value.reveal() for key, value in values.items()} == {FINGERPRINT_KEY: "01" * 32}
    assert said(fresh, opened, keyless) == []
    fresh.commit()
    assert "local.age" not in fresh.git("ls-files")


def test_init_a_second_time_changes_nothing(fresh: Builder, opened: Open, keyless: Sops) -> None:
    key_file = fresh.folder.parent / "outside.age"
    first = prepared(fresh, opened, keyless, key_file)
    files = {path: path.read_bytes() for path in (key_file, fresh.folder / FILE, fresh.folder / ".sops.yaml")}
    again = prepared(fresh, opened, keyless, key_file)
    assert (again.made, again.kept) == ((), first.made)
    assert files == {path: path.read_bytes() for path in files}


def test_init_gives_a_file_that_is_there_its_fingerprint_key(fresh: Builder, opened: Open, sops: Sops) -> None:
    made = sops.encrypt({"a": SecretValue("1")}, FILE, GOOD / ".sops.yaml")
    fresh.put(FILE, made).put(".sops.yaml", (GOOD / ".sops.yaml").read_text())
    assert prepared(fresh, opened, sops, outside_copy(fresh)).made
    assert parse_sops_file((fresh.folder / FILE).read_bytes(), FILE).has_fingerprint_key


def outside_copy(builder: Builder) -> Path:
    """The key of the test files, outside the repository."""
    copy = builder.folder.parent / "copy.age"
    copy.write_text(KEY_FILE.read_text())
    return copy


def test_a_key_file_that_could_be_committed_is_refused(fresh: Builder, opened: Open, keyless: Sops) -> None:
    with pytest.raises(SecretsError, match="could be committed") as caught:
        prepared(fresh, opened, keyless, fresh.folder / "key.txt")
    assert ".gitignore" in caught.value.remedy
    assert not (fresh.folder / "key.txt").exists()
    assert not (fresh.folder / FILE).exists()


@pytest.mark.parametrize("text", ["nothing here\n", "AGE-SECRET-KEY-1GARBAGE\n"])
def test_a_key_file_without_a_key_is_refused(fresh: Builder, opened: Open, keyless: Sops, text: str) -> None:
    fresh.put("old.age", text)
    with pytest.raises(SecretsError, match="holds no age key"):
        prepared(fresh, opened, keyless, fresh.folder / "old.age")
    assert (fresh.folder / "old.age").read_text() == text


def test_a_config_without_a_rule_for_the_file_is_told(fresh: Builder, opened: Open, keyless: Sops) -> None:
    fresh.put(".sops.yaml", "creation_rules:\n  - path_regex: ^other/\n    age: age1x\n")
    with pytest.raises(SecretsError, match="does not say for whom"):
        prepared(fresh, opened, keyless, fresh.folder / "local.age")


def test_a_value_is_set_once(good: Builder, sops: Sops) -> None:
    file = "secrets/prod.sops.yaml"
    assert set_value(good.folder, file, "new_one", SecretValue(HIDDEN), sops, None)
    assert not set_value(good.folder, file, "new_one", SecretValue(HIDDEN), sops, None)
    content = (good.folder / file).read_bytes()
    assert sops.decrypt(content, file)["new_one"].reveal() == HIDDEN
    assert HIDDEN.encode() not in content


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (FINGERPRINT_KEY, HIDDEN, "cannot be the name"),
        ("sops", HIDDEN, "cannot be the name"),
        ("with space", HIDDEN, "cannot be the name"),
        ("a", "", "The value is empty"),
        ("a", HIDDEN * 200, "The value has 5000 characters"),
    ],
)
def test_what_cannot_be_set_is_told(good: Builder, sops: Sops, name: str, value: str, message: str) -> None:
    with pytest.raises(SecretsError, match=message) as caught:
        set_value(good.folder, "secrets/prod.sops.yaml", name, SecretValue(value), sops, None)
    assert HIDDEN not in caught.value.message + caught.value.remedy


def test_a_file_that_is_not_there_cannot_be_changed(good: Builder, sops: Sops) -> None:
    with pytest.raises(SecretsError, match="does not exist"):
        set_value(good.folder, "secrets/no.yaml", "a", SecretValue("b"), sops, None)
    with pytest.raises(SecretsError, match="does not exist"):
        edit(good.folder, "secrets/no.yaml", sops, None, terminal=True)


def test_a_failed_set_leaves_the_file_as_it_was(good: Builder, keyless: Sops) -> None:
    path = good.folder / "secrets/prod.sops.yaml"
    before = path.read_bytes()
    with pytest.raises(SecretsError, match="There is no key"):
        set_value(good.folder, "secrets/prod.sops.yaml", "a", SecretValue("b"), keyless, None)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_good_repository_passes_the_check(good: Builder, opened: Open, keyless: Sops) -> None:
    assert said(good, opened, keyless) == []


def test_the_check_finds_values_in_clear_in_any_file(good: Builder, opened: Open, keyless: Sops) -> None:
    good.put("secrets/notes.yaml", f"token: {HIDDEN}\n")
    ciphertext = (good.folder / "secrets/prod.sops.yaml").read_text()
    good.put("secrets/prod.sops.yaml", f"token: {HIDDEN}\n{ciphertext}")
    found = said(good, opened, keyless)
    assert [line.split(". ")[0] for line in found] == [
        "secrets/notes.yaml:1:1: the file is not encrypted",
        "secrets/prod.sops.yaml:1:1: 'token' stands in clear",
    ]
    assert HIDDEN not in "".join(found)


def test_the_check_finds_other_recipients_than_the_config_names(good: Builder, opened: Open, keyless: Sops) -> None:
    other = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    good.put(".sops.yaml", f"creation_rules:\n  - age: {other}\n")
    assert "not encrypted for exactly those" in said(good, opened, keyless)[0]
    (good.folder / ".sops.yaml").unlink()
    assert said(good, opened, keyless) == [".sops.yaml: the file is missing. Run `reconciler secrets init`."]
    good.put(".sops.yaml", "creation_rules:\n  - path_regex: ^x$\n    age: y\n")
    assert "does not say for whom" in said(good, opened, keyless)[0]


def test_the_check_finds_a_missing_fingerprint_key(good: Builder, opened: Open, keyless: Sops) -> None:
    lines = (good.folder / "secrets/prod.sops.yaml").read_text().splitlines(keepends=True)
    good.put("secrets/prod.sops.yaml", "".join(lines[1:]))
    assert len(said(good, opened, keyless)) == 1


def test_the_check_finds_an_age_key_in_git(good: Builder, opened: Open, keyless: Sops) -> None:
    tenant = (good.folder / "tenants/local.yaml").read_text().replace("../test-only.age", "keys/local.age")
    good.put("tenants/local.yaml", tenant).put("keys/local.age", KEY_FILE.read_text())
    assert said(good, opened, keyless) == []
    good.commit()
    assert [line.split(":")[0:2] for line in said(good, opened, keyless)] == [["tenants/local.yaml", "3"]]


def test_the_check_needs_no_key_of_any_kind(good: Builder, opened: Open, keyless: Sops) -> None:
    wrong = replace(keyless, environ={**keyless.environ, "SOPS_AGE_KEY": "garbage"})
    assert said(good, opened, wrong) == []


def test_init_without_the_key_of_an_encrypted_repository_makes_no_other_key(
    fresh: Builder, opened: Open, sops: Sops, tmp_path: Path
) -> None:
    key_file = tmp_path / "keys" / "key.txt"
    prepared(fresh, opened, sops, key_file)
    key_file.unlink()
    again = prepared(fresh, opened, sops, key_file)
    assert (again.made, again.has_key, key_file.exists()) == ((), False, False)
