"""The file of the packages that the action installs."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.workflows.documents import ACTION, ROOT

LOCK = ACTION.parent / "requirements.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = [Requirement(each) for each in (*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"])]
_PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))? \\\n"
    r"(?P<hashes>(?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)(?P<why>(?: {4}#.*\n)*)",
    re.MULTILINE,
)
PINS = {found["name"]: found for found in _PIN.finditer(LOCK.read_text(encoding="utf-8"))}
MEND = "Run .github/actions/reconcile/lock.sh: what the action installs no longer fits pyproject.toml."


def test_it_holds_nothing_but_versions_with_hashes() -> None:
    assert "".join(found[0] for found in PINS.values()) == LOCK.read_text(encoding="utf-8")


def test_it_names_no_registry() -> None:
    assert "://" not in LOCK.read_text(encoding="utf-8")


@pytest.mark.parametrize("wanted", WANTED, ids=lambda each: each.name)
def test_it_has_a_version_that_pyproject_allows(wanted: Requirement) -> None:
    pin = PINS.get(canonicalize_name(wanted.name))
    assert pin and wanted.specifier.contains(Version(pin["version"])), MEND


def test_every_package_is_there_for_one_that_is_asked_for() -> None:
    """uv writes below each package why it is there; one that nothing asks for any more has no reason."""
    wanted = {canonicalize_name(each.name) for each in WANTED}
    for name, found in PINS.items():
        reasons = set(re.findall(r"([a-z0-9-]+)(?: \(pyproject\.toml\))?\n", found["why"].replace("# via\n", "")))
        assert name in wanted or (reasons and reasons <= set(PINS)), f"{name}: {MEND}"


def test_it_is_for_every_platform() -> None:
    """uv's universal resolution leaves a marker where a platform needs a package that others do not."""
    for found in PINS.values():
        assert not found["marker"] or Marker(found["marker"])
    assert Version(PROJECT["project"]["requires-python"].removeprefix(">=")) == Version("3.11")
