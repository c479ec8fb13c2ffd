"""What a golden case comes to: a folder with desired.json and live.json, or with base.json where no tenant is read, and
the plan in every form beside them."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from rich.console import Console

from reconciler.engine import approval, guards, planner
from reconciler.engine.against import plan_against
from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Against, Plan, Verdict
from reconciler.model.tenant import Desired, Live
from reconciler.report.markdown import plan_markdown
from reconciler.report.text import plan_text

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/desired.json"))


def rendered(case: Path) -> Mapping[str, str]:
    """File name -> text, for every form of the plan."""
    desired = Desired.model_validate_json((case / "desired.json").read_text(encoding="utf-8"))
    facts = case / "facts.json"
    known = Facts.model_validate_json(facts.read_text(encoding="utf-8")) if facts.exists() else Facts()
    plan, verdict = _planned(case, desired, known)
    out = StringIO()
    Console(file=out, width=100, highlight=False, soft_wrap=True).print(plan_text(plan, verdict))
    return {
        "plan.json": approval.document(plan, verdict).model_dump_json(indent=2) + "\n",
        "plan.txt": "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n",
        "plan.md": plan_markdown(plan, verdict),
    }


def _planned(case: Path, desired: Desired, facts: Facts) -> tuple[Plan, Verdict]:
    base = case / "base.json"
    if base.exists():
        there = Desired.model_validate_json(base.read_text(encoding="utf-8"))
        main = Against(name="origin/main", commit=there.commit, head=desired.commit)
        return plan_against(desired, there, facts, against=main, tool="golden")
    live = Live.model_validate_json((case / "live.json").read_text(encoding="utf-8"))
    plan = planner.plan(desired, live, tool="golden")
    return plan, guards.judged(plan, live, facts)


if __name__ == "__main__":
    for folder in CASES:
        for name, text in rendered(folder).items():
            (folder / name).write_text(text, encoding="utf-8")
