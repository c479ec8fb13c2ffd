"""The users and applications of a tenant file, as the served tenant gets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import InvalidInput, Usage
from reconciler.local.registered import LoginClient, LoginUser
from reconciler.run.demo import commit, copied_example
from reconciler.run.serve import registered
from reconciler.run.workplace import open_workplace
from reconciler.settings import Settings


def test_the_example_declares_a_user_and_an_application(tmp_path: Path) -> None:
    with copied_example(tmp_path) as repository:
        commit(repository, "Begin")
        with open_workplace(Settings(tmp_path, {})) as place:
            found = registered(place, "local")
            assert found is not None
            assert found.users == (
                LoginUser(
                    "ada@example.com",
                    "correct horse",
                    name="Ada Lovelace",
                    email_verified=True,
                    roles=("buyer",),
                    app_metadata={"plan": "gold"},
                ),
            )
            assert found.clients == (
                LoginClient(
                    "acme-webshop",
                    "Acme Webshop",
                    callbacks=("http://localhost:3000/callback",),
                    logout_urls=("http://localhost:3000/",),
                ),
            )
            assert "correct horse" not in repr(found)
            assert registered(place, "nowhere") is None
            with pytest.raises(Usage, match="not an embedded one"):
                registered(place, "prod")
            (tmp_path / "tenants/local.yaml").write_text("type: local\nclients: [{client_id: web}]\n")
            with pytest.raises(InvalidInput):
                registered(place, "local")
