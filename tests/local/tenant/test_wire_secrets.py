from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from reconciler.local.keys import Keys
from reconciler.local.state.material import StoredSecret, new_secrets
from reconciler.local.state.tenant_log import redacted

KEYS = Keys("client", "client-secret", b"k" * 32, Fernet(Fernet.generate_key()))
NAMES = st.lists(st.sampled_from("ABCDEF"), unique=True)
VALUES = st.none() | st.text(max_size=5)
SENT = st.dictionaries(st.sampled_from("ABCDEF"), VALUES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(NAMES, SENT)
def test_a_list_of_secrets_is_the_whole_new_set_and_old_names_come_first(old: list[str], sent: dict[str, Any]) -> None:
    before = tuple(StoredSecret(name, 1, KEYS.sealed(f"old {name}")) for name in old)
    given_list = [{"name": name} if value is None else {"name": name, "value": value} for name, value in sent.items()]

    after = new_secrets(given_list, before, 2, KEYS)

    kept = [name for name in old if name in sent]
    assert [secret.name for secret in after] == kept + [name for name in sent if name not in old]
    for secret in after:
        value = sent[secret.name]
        if value is None and secret.name in old:
            assert (secret.updated_at, KEYS.opened(secret.sealed)) == (1, f"old {secret.name}")
        else:
            assert (secret.updated_at, KEYS.opened(secret.sealed)) == (2, value or "")


@given(JSON, st.lists(st.dictionaries(st.sampled_from(["name", "value", "more"]), st.just("s3cret"), max_size=3)))
def test_no_value_under_secrets_survives_redaction_and_all_else_does(body: Any, secrets: list[Any]) -> None:
    shown = redacted({"other": body, "deep": [{"secrets": secrets}], "secrets": {"KEY": "s3cret"}})
    assert shown["secrets"] == {"KEY": "[REDACTED]"}
    for before, after in zip(secrets, shown["deep"][0]["secrets"], strict=True):
        assert list(before) == list(after)
        assert all(value == "[REDACTED]" for key, value in after.items() if key != "name")
    if "secrets" not in str(body):
        assert shown["other"] == body


def test_nothing_that_holds_a_key_shows_it() -> None:
    sealed = StoredSecret("A", 1, KEYS.sealed("hidden-value"))
    assert "client-secret" not in repr(KEYS)
    assert sealed.sealed not in repr(sealed)
