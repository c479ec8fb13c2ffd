"""JSON Schemas of everything a user writes, for editors and for other tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from reconciler.desired import atomic, documents, tenant_documents

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DOCUMENTS: Mapping[str, tuple[TypeAdapter[Any], str, str]] = {
    "reconciler": (documents.REPOSITORY, "reconciler.yaml", ""),
    "action": (documents.ACTION, "actions/NAME/action.yaml", ""),
    "module": (documents.MODULE, "modules/NAME/module.yaml", ""),
    "flow": (documents.FLOW, "flows/TRIGGER.yaml", ""),
    "tenant": (tenant_documents.TENANT, "tenants/TENANT.yaml", "tenants/TENANT.yaml: where actions are deployed to."),
    "cases": (documents.CASES, "actions/NAME/cases.yaml", "actions/NAME/cases.yaml: the tests of one action."),
    "flow-cases": (
        documents.FLOW_CASES,
        "flows/TRIGGER.cases.yaml",
        "flows/TRIGGER.cases.yaml: the tests of one flow.",
    ),
    "snapshot": (
        documents.SNAPSHOTS,
        "actions/NAME/cases.snapshot.yaml",
        "actions/NAME/cases.snapshot.yaml: what happened in cases, written by `reconciler test --update`.",
    ),
    "flow-snapshot": (
        documents.FLOW_SNAPSHOTS,
        "flows/TRIGGER.cases.snapshot.yaml",
        "flows/TRIGGER.cases.snapshot.yaml: what happened in cases, written by `reconciler test --update`.",
    ),
}


def schemas(extra: Mapping[str, type[BaseModel]] | None = None) -> Mapping[str, dict[str, Any]]:
    """File name -> JSON Schema (draft 2020-12) of each document, in a fixed order.

    `extra` adds models of what the commands print: name -> model, as it is serialised.
    """
    made = {
        f"{name}.schema.json": _headed(adapter.json_schema(), title, description)
        for name, (adapter, title, description) in _DOCUMENTS.items()
    }
    for name, model in sorted((extra or {}).items()):
        made[f"{name}.schema.json"] = _headed(model.model_json_schema(mode="serialization"), name, "")
    return made


def render_schema(schema: Mapping[str, Any]) -> str:
    """The text of a schema file: the same schema always gives the same bytes."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_schemas(folder: Path, extra: Mapping[str, type[BaseModel]] | None = None) -> tuple[Path, ...]:
    """Write every schema into a folder, each at once and whole; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(folder / name, render_schema(schema)) for name, schema in schemas(extra).items())


def _headed(schema: dict[str, Any], title: str, description: str) -> dict[str, Any]:
    return {**schema, "$schema": DIALECT, "title": title, "description": description or schema["description"]}


def _write(file: Path, text: str) -> Path:
    atomic.write(file, text.encode())
    return file
