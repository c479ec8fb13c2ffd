"""Writes .github/RULES.md from the pages: `python -m tests.rules.index`."""

from __future__ import annotations

from pathlib import Path

from reconciler.catalogue.rules import RULES
from reconciler.report.rules import rules_index

INDEX = Path(__file__).parents[2] / ".github" / "RULES.md"


if __name__ == "__main__":
    INDEX.write_text(rules_index(RULES.values()), encoding="utf-8")
