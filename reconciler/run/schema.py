"""The JSON Schemas of every document a user writes and of what the commands print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from reconciler.desired.schema import schemas, write_schemas
from reconciler.model.adopted import Adopted
from reconciler.model.audit import Audit
from reconciler.model.case import Outcome
from reconciler.model.drift import Drift
from reconciler.model.execution import FlowRun
from reconciler.model.imported import Imported
from reconciler.model.lock import Lock
from reconciler.model.pipeline import Stages
from reconciler.model.plan import PlanDocument
from reconciler.model.relocked import Relocked
from reconciler.model.rollback import RolledBack
from reconciler.model.several import Results

OUTPUT: Mapping[str, type[BaseModel]] = {
    "plan": PlanDocument,
    "drift": Drift,
    "rollback": RolledBack,
    "import": Imported,
    "adopt": Adopted,
    "audit": Audit,
    "outcome": Outcome,
    "run": FlowRun,
    "lock": Lock,
    "relocked": Relocked,
    "tenants": Results,
    "ci": Stages,
}


def every_schema() -> Mapping[str, dict[str, Any]]:
    """File name -> schema."""
    return schemas(OUTPUT)


def write_every_schema(folder: Path) -> tuple[Path, ...]:
    """Writes them all; gives the files."""
    return write_schemas(folder, OUTPUT)
