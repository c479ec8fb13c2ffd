"""The bodies of the module operations, from the platform's OpenAPI of 2026-06-25. All are closed."""

from __future__ import annotations

from reconciler.catalogue import limits
from reconciler.local.wire.schema import Shape

_FIELDS = {
    "code": Shape("string", "The source code of the action module.", max_length=limits.MODULE_CODE_CHARACTERS),
    "secrets": Shape(
        "array",
        "The secrets to associate with the action module.",
        items=Shape(
            "object",
            closed=True,
            required=("name", "value"),
            properties={
                "name": Shape("string", "The name of the secret.", max_length=limits.MODULE_SECRET_NAME_CHARACTERS),
                "value": Shape("string", "The value of the secret.", max_length=limits.SECRET_VALUE_CHARACTERS),
            },
        ),
    ),
    "dependencies": Shape(
        "array",
        "The npm dependencies of the action module.",
        items=Shape(
            "object",
            closed=True,
            required=("name", "version"),
            properties={
                "name": Shape(
                    "string", "The name of the npm dependency.", max_length=limits.DEPENDENCY_NAME_CHARACTERS
                ),
                "version": Shape(
                    "string", "The version of the npm dependency.", max_length=limits.DEPENDENCY_VERSION_CHARACTERS
                ),
            },
        ),
    ),
}

CREATE_MODULE = Shape(
    "object",
    closed=True,
    required=("name", "code"),
    properties={
        "name": Shape("string", "The name of the action module.", max_length=limits.MODULE_NAME_CHARACTERS),
        **_FIELDS,
        "api_version": Shape("string", "The API version of the module.", max_length=20),
        "publish": Shape("boolean", "Whether to publish the module immediately after creation."),
    },
)
UPDATE_MODULE = Shape("object", closed=True, properties=_FIELDS)
ROLL_BACK_MODULE = Shape(
    "object",
    closed=True,
    required=("module_version_id",),
    properties={
        "module_version_id": Shape("string", "The unique ID of the module version to roll back to."),
    },
)
