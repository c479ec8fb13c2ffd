from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage import x25519

from reconciler.desired import sops as sops_module
from reconciler.desired.secrets import SecretValue
from reconciler.desired.sops import Sops
from reconciler.desired.sops_file import parse_sops_file
from reconciler.errors import SecretsError
from tests.desired.conftest import GOOD, KEY_FILE

FILE = "secrets/prod.sops.yaml"
CIPHERTEXT = (GOOD / FILE).read_bytes()
URL = "https://hooks.example.com/services/T1/B1/quite-secret"
HIDDEN = "visible-value-of-a-secret"


def test_values_come_out_of_a_file_that_is_never_on_disk_in_clear(sops: Sops) -> None:
    values = sops.decrypt(CIPHERTEXT, FILE)
    assert values["slack_webhook_url"].reveal() == URL
    assert URL not in repr(values)


@pytest.mark.parametrize("how", ["key", "key file", "tenant's key file", "missing key file but a key"])
def test_a_key_is_found_where_the_user_put_it(keyless: Sops, how: str) -> None:
    key = KEY_FILE.read_text().splitlines()[-1]
    extra = {"key": {"SOPS_AGE_KEY": key}, "key file": {"SOPS_AGE_KEY_FILE": str(KEY_FILE)}}.get(how, {})
    file = KEY_FILE if how == "tenant's key file" else None
    if how.startswith("missing"):
        extra, file = {"SOPS_AGE_KEY": key}, Path("/nonexistent/key")
    sops = replace(keyless, environ={**keyless.environ, **extra})
    assert sops.decrypt(CIPHERTEXT, FILE, file)["slack_webhook_url"].reveal() == URL


def test_a_value_is_set_without_touching_the_others(sops: Sops) -> None:
    after = sops.with_value(CIPHERTEXT, "new.one", SecretValue('with "quotes"\nand lines: ü'), FILE)
    values = sops.decrypt(after, FILE)
    assert values["new.one"].reveal() == 'with "quotes"\nand lines: ü'
    assert set(CIPHERTEXT.splitlines()[:2]) <= set(after.splitlines())


def test_setting_the_same_value_changes_nothing(sops: Sops) -> None:
    assert sops.with_value(CIPHERTEXT, "slack_webhook_url", SecretValue(URL), FILE) == CIPHERTEXT


def test_a_new_file_is_encrypted_for_whom_the_config_says(sops: Sops) -> None:
    made = sops.encrypt({"a": SecretValue("1"), "b": SecretValue("on")}, "secrets/new.sops.yaml", GOOD / ".sops.yaml")
    assert {key: value.reveal() for key, value in sops.decrypt(made, FILE).items()} == {"a": "1", "b": "on"}
    assert parse_sops_file(made, FILE).recipients == parse_sops_file(CIPHERTEXT, FILE).recipients
    assert parse_sops_file(made, FILE).names == ("a", "b")


def tampered(text: bytes) -> bytes:
    """The file with one sign of a value's data changed."""
    at = text.index(b"data:", text.index(b"slack_webhook_url")) + 10
    return text[:at] + (b"A" if text[at : at + 1] != b"A" else b"B") + text[at + 1 :]


def without(key: bytes) -> Callable[[bytes], bytes]:
    """The file without one line."""
    return lambda text: b"".join(line for line in text.splitlines(True) if not line.startswith(key))


def wrong_mac(text: bytes) -> bytes:
    """The file with its last modification changed by hand."""
    return text.replace(b'lastmodified: "20', b'lastmodified: "19')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (tampered, "was tampered with: a value cannot be decrypted"),
        (without(b"slack_webhook_url"), "was changed by hand: its checksum does not match"),
        (lambda text: b"added: " + HIDDEN.encode() + b"\n" + text, "holds a value in clear"),
        (wrong_mac, "was changed by hand: its checksum does not match"),
        (lambda text: b"a: " + HIDDEN.encode() + b"\n", "is not encrypted"),
        (lambda text: text + b"slack_webhook_url: " + HIDDEN.encode() + b"\n", "is not valid YAML for sops"),
        (lambda text: text + b"{ " + HIDDEN.encode(), "is not valid YAML for sops"),
        (lambda text: b"- " + HIDDEN.encode() + b"\n", "is not valid YAML for sops"),
    ],
)
def test_a_damaged_file_is_told_in_one_sentence(sops: Sops, change: Callable[[bytes], bytes], said: str) -> None:
    with pytest.raises(SecretsError) as caught:
        sops.decrypt(change(CIPHERTEXT), FILE)
    assert caught.value.message.startswith(f"{FILE} {said}")
    assert caught.value.remedy
    assert HIDDEN not in f"{caught.value!r}{caught.value.message}{caught.value.remedy}"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "There is no key to decrypt secrets/prod.sops.yaml."),
        ({"SOPS_AGE_KEY": str(x25519.Identity.generate())}, "it is not among its recipients"),
        ({"SOPS_AGE_KEY": "garbage"}, "The age key given is not an age key."),
        ({"SOPS_AGE_KEY": "AGE-SECRET-KEY-1GARBAGE"}, "The age key given is not an age key."),
        ({"SOPS_AGE_KEY_FILE": "/nonexistent/keys.txt"}, "the age key file cannot be opened."),
    ],
)
def test_a_wrong_key_is_told_in_one_sentence(keyless: Sops, environ: dict[str, str], said: str) -> None:
    with pytest.raises(SecretsError) as caught:
        replace(keyless, environ={**keyless.environ, **environ}).decrypt(CIPHERTEXT, FILE)
    assert said in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("creation_rules:\n  - path_regex: ^other/\n    age: age1x\n", "does not say for whom"),
        ("creation_rules: []\n", "does not say for whom"),
        ("creation_rules:\n  - age: nonsense\n", "is not an age recipient"),
        ("creation_rules: {{\n", "cannot be read"),
    ],
)
def test_a_wrong_config_is_told_in_one_sentence(sops: Sops, tmp_path: Path, config: str, said: str) -> None:
    (tmp_path / ".sops.yaml").write_text(config)
    with pytest.raises(SecretsError) as caught:
        sops.encrypt({"a": SecretValue(HIDDEN)}, FILE, tmp_path / ".sops.yaml")
    assert said in caught.value.message
    assert HIDDEN not in caught.value.message


def test_a_value_that_is_not_text_is_named(sops: Sops, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho "port: 9090" >> "$1"\n')
    editor.chmod(0o755)
    path = tmp_path / "copy.sops.yaml"
    path.write_bytes(CIPHERTEXT)
    replace(sops, environ={**sops.environ, "EDITOR": str(editor)}).edit(path, FILE, terminal=True)
    with pytest.raises(SecretsError, match=r"The value of 'port' in secrets/prod\.sops\.yaml is not text"):
        sops.decrypt(path.read_bytes(), FILE)


def test_whether_recipients_are_as_the_config_says_needs_no_key(keyless: Sops, tmp_path: Path) -> None:
    config = tmp_path / ".sops.yaml"
    path = tmp_path / FILE
    path.parent.mkdir()
    path.write_bytes(CIPHERTEXT)
    config.write_text((GOOD / ".sops.yaml").read_text())
    assert keyless.in_step(path, FILE, config)
    other = x25519.Identity.generate().to_public()
    config.write_text(f"creation_rules:\n  - age: {other}\n")
    assert not keyless.in_step(path, FILE, config)
    config.write_text("creation_rules:\n  - path_regex: nope\n    age: x\n")
    with pytest.raises(SecretsError, match="does not say for whom"):
        keyless.in_step(path, FILE, config)
    assert path.read_bytes() == CIPHERTEXT


def test_editing_needs_a_terminal(sops: Sops) -> None:
    with pytest.raises(SecretsError, match="needs a terminal"):
        sops.edit(GOOD / FILE, FILE, terminal=False)


def test_an_editor_changes_a_file_and_leaves_no_plaintext(sops: Sops, tmp_path: Path) -> None:
    path = tmp_path / "copy.sops.yaml"
    path.write_bytes(CIPHERTEXT)
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho "added: by-editor" >> "$1"\n')
    editor.chmod(0o755)
    editing = replace(sops, environ={**sops.environ, "EDITOR": str(editor)})
    assert editing.edit(path, FILE, terminal=True)
    assert sops.decrypt(path.read_bytes(), FILE)["added"].reveal() == "by-editor"
    assert not replace(sops, environ={**sops.environ, "EDITOR": "true"}).edit(path, FILE, terminal=True)
    with pytest.raises(SecretsError, match="editor ended with an error"):
        replace(sops, environ={**sops.environ, "EDITOR": "false"}).edit(path, FILE, terminal=True)


def test_the_executable_is_copied_where_it_cannot_be_made_executable(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.write_bytes(b"#!/bin/sh\nexit 0\n")
    copied = sops_module._copy(shipped, tmp_path / "cache/sops")
    assert stat.S_IMODE(copied.stat().st_mode) == 0o755
    assert os.access(copied, os.X_OK)
    assert sops_module._copy(shipped, tmp_path / "cache/sops") == copied
    copied.write_bytes(b"#!/bin/sh\nenv\n")  # as a pull request may bring it
    assert sops_module._copy(shipped, tmp_path / "cache/sops").read_bytes() == shipped.read_bytes()


def test_an_executable_that_is_gone_is_told(keyless: Sops) -> None:
    with pytest.raises(SecretsError, match="cannot be started"):
        replace(keyless, path=Path("/nonexistent/sops")).decrypt(CIPHERTEXT, FILE)
