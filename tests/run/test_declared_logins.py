"""The users and applications of a tenant file, as the served tenant gets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import InvalidInput, Usage
from reconciler.local.registered import LoginClient, LoginUser, Registered
from reconciler.run.demo import commit, copied_example
from reconciler.run.serve import served_registrations
from reconciler.run.workplace import open_workplace
from reconciler.settings import Settings


def test_the_example_declares_a_user_and_an_application(tmp_path: Path) -> None:
    with copied_example(tmp_path) as repository:
        commit(repository, "Begin")
        with open_workplace(Settings(tmp_path, {})) as place:
            found = served_registrations(place, "local", elsewhere=False)
            assert [user.email for user in found.users] == ["ada@example.com", "grace@example.com"]
            assert found.users[0] == LoginUser(
                "ada@example.com",
                "correct horse",
                name="Ada Lovelace",
                email_verified=True,
                roles=("buyer",),
                app_metadata={"plan": "gold"},
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
            with pytest.raises(InvalidInput) as missing:
                served_registrations(place, "nowhere", elsewhere=False)
            assert [each.message for each in missing.value.diagnostics] == ["there is no tenant 'nowhere'."]
            with pytest.raises(Usage, match="not an embedded one"):
                served_registrations(place, "prod", elsewhere=False)
            (tmp_path / "tenants/local.yaml").write_text("type: local\nclients: [{client_id: web}]\n")
            with pytest.raises(InvalidInput):
                served_registrations(place, "local", elsewhere=False)


def test_a_tenant_file_that_leads_to_another_tenant_is_not_served_in_its_stead(tmp_path: Path) -> None:
    with copied_example(tmp_path) as repository:
        commit(repository, "Begin")
        (tmp_path / "tenants/twin.yaml").write_text("type: local\nserver: .reconciler/tenants/local/tenant.json\n")
        with open_workplace(Settings(tmp_path, {})) as place:
            with pytest.raises(Usage, match="leads to"):
                served_registrations(place, "twin", elsewhere=False)
            assert served_registrations(place, "twin", elsewhere=True) == Registered()
