"""What every document of a repository is, and the forms that several of them use."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from reconciler.model.frozen import Frozen


class Document(Frozen):
    """Base of every document: unknown fields are refused. In its JSON Schema the text below a field describes it."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # pydantic's own use_attribute_docstrings reads the source of every model whenever it is imported.
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, text in _described(cls):
            properties[cls.model_fields[name].alias or name].setdefault("description", text)
        return schema


Reason = Annotated[str, Field(pattern=r"\S")]
"""Why something is as it is, in words."""


def _described(model: type[Document]) -> Iterator[tuple[str, str]]:
    """Each field of a model, and of those that it is made of, that has a text below it."""
    for one in reversed(model.__mro__):
        if issubclass(one, Document):
            (defined,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
            assert isinstance(defined, ast.ClassDef)
            for field, below in pairwise(defined.body):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and (text := _text(below)):
                    yield field.target.id, text


def _text(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return inspect.cleandoc(str(statement.value.value))
    return ""


def _day(value: Any) -> Any:
    try:
        return value if isinstance(value, date) else datetime.strptime(value, "%Y-%m-%d").date()
    except (TypeError, ValueError) as problem:
        raise PydanticCustomError("day", "must be a day such as 2026-12-31") from problem


Day = Annotated[date, BeforeValidator(_day)]
"""A day as year, month and day."""
