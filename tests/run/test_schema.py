"""The schemas in the repository are what the program writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.schema import render_schema
from reconciler.run.schema import every_schema

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("folder", ["schemas", "example-repo/schemas"])
def test_the_schemas_are_fresh(folder: str) -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / folder).iterdir()}
    assert kept == {name: render_schema(schema) for name, schema in every_schema().items()}
