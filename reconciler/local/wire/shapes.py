"""The bodies and queries of the Management API that this tenant speaks, from the platform's OpenAPI of 2026-06-25."""

from __future__ import annotations

from reconciler.local.wire.schema import Parameter, Shape

_TEXT = Shape("string")

SECRETS = Shape(
    "array",
    "The list of secrets that are included in an action or a version of an action.",
    items=Shape(
        "object",
        required=("name",),
        properties={
            "name": Shape("string", "The name of the particular secret, e.g. API_KEY."),
            "value": Shape("string", "The value of the particular secret, e.g. secret123."),
        },
    ),
)
"""Open: `updated_at` sent back by a client is accepted [recorded]. The OpenAPI does not require the name; without one
there is nothing to keep, so it is required here."""

_FIELDS = {
    "name": Shape("string", "The name of an action."),
    "supported_triggers": Shape(
        "array",
        "The list of triggers that this action supports. At this time, an action can only target a single trigger at a"
        " time.",
        min_items=1,
        items=Shape(
            "object",
            closed=True,
            required=("id",),
            properties={
                "id": Shape("string", "An actions extensibility point."),
                "version": Shape("string", "The version of a trigger. v1, v2, etc."),
                "status": Shape("string", "status points to the trigger status."),
                "runtimes": Shape("array", "runtimes supported by this trigger.", items=_TEXT),
                "default_runtime": Shape(
                    "string", "Runtime that will be used when none is specified when creating an action."
                ),
                "compatible_triggers": Shape(
                    "array",
                    "compatible_triggers informs which other trigger supports the same event and api.",
                    items=Shape("object", required=("id", "version"), properties={"id": _TEXT, "version": _TEXT}),
                ),
                "binding_policy": Shape("string", enum=frozenset({"trigger-bound", "entity-bound"})),
            },
        ),
    ),
    "code": Shape("string", "The source code of the action."),
    "dependencies": Shape(
        "array",
        "The list of third party npm modules, and their versions, that this action depends on.",
        items=Shape(
            "object",
            closed=True,
            required=("name", "version"),
            properties={
                "name": Shape("string", "name is the name of the npm module, e.g. lodash"),
                "version": Shape("string", "description is the version of the npm module, e.g. 4.17.1"),
                "registry_url": Shape(
                    "string", "registry_url is an optional value used primarily for private npm registries."
                ),
            },
        ),
    ),
    "runtime": Shape("string", "The Node runtime. For example: `node22`, defaults to `node22`"),
    "secrets": SECRETS,
    "modules": Shape(
        "array",
        "The list of action modules and their versions used by this action.",
        items=Shape(
            "object",
            "Reference to a module and its version used by an action.",
            closed=True,
            properties={
                "module_id": Shape("string", "The unique ID of the module."),
                "module_name": Shape("string", "The name of the module."),
                "module_version_id": Shape("string", "The ID of the specific module version."),
                "module_version_number": Shape("integer", "The version number of the module."),
            },
        ),
    ),
}
"""The ids of a module are not required by the gateway: the service behind it refuses what is no UUID. What an answer
showed may be sent back; the ids decide."""

CREATE_ACTION = Shape(
    "object",
    closed=True,
    required=("name", "supported_triggers"),
    properties={**_FIELDS, "deploy": Shape("boolean", "True if the action should be deployed after creation.")},
)
UPDATE_ACTION = Shape("object", closed=True, properties=_FIELDS)
DEPLOY_VERSION = Shape(
    "object",
    closed=True,
    properties={
        "update_draft": Shape("boolean", "True if the draft of the action should be updated with the reverted version.")
    },
)
TEST_ACTION = Shape(
    "object", closed=True, required=("payload",), properties={"payload": Shape("object", "The payload for the action.")}
)
UPDATE_BINDINGS = Shape(
    "object",
    closed=True,
    required=("bindings",),
    properties={
        "bindings": Shape(
            "array",
            "The actions that will be bound to this trigger.",
            items=Shape(
                "object",
                closed=True,
                one_of=True,
                required=("ref",),
                properties={
                    "ref": Shape(
                        "object",
                        required=("type", "value"),
                        properties={
                            "type": Shape("string", enum=frozenset({"binding_id", "action_id", "action_name"})),
                            "value": _TEXT,
                        },
                    ),
                    "display_name": _TEXT,
                    "secrets": SECRETS,
                },
            ),
        )
    },
)
"""The OpenAPI does not require `bindings`; an empty body would empty the flow, so it is required here."""

ANYTHING = Shape("object")

_PAGE = Parameter("integer", "Use this field to request a specific page of the list results.")
_PER_PAGE = Parameter(
    "integer", "The maximum number of results to be returned by the server in single response.", most=100
)
"""100 is the most that was recorded and that the SDK names; what happens beyond was not seen: here it is cut."""

PAGING = {"page": _PAGE, "per_page": _PER_PAGE}
LIST_ACTIONS = {
    "triggerId": Parameter("string", "An actions extensibility point."),
    "actionName": Parameter("string", "The name of the action to retrieve."),
    "deployed": Parameter("boolean", "Optional filter to only retrieve actions that are deployed."),
    **PAGING,
    "installed": Parameter("boolean", "Optional. When true, return only installed actions."),
}
DELETE_ACTION = {"force": Parameter("boolean", "Force action deletion detaching bindings")}
_LOG_FIELD = (
    "(date|connection|client_id|client_name|ip|user_id|user_name|description|user_agent|type|details|strategy"
    "|strategy_type)"
)
"""The fields that the reference of `GET /logs` lets a client sort by and choose."""

LIST_LOGS = {
    "page": Parameter("integer", "Page index of the results to return. First page is 0."),
    "per_page": Parameter("integer", "Number of results per page.", maximum=100),
    "take": Parameter("integer", "Number of entries to retrieve when using the `from` parameter.", maximum=100),
    "from": Parameter("string", "Log Event Id from which to start retrieving logs."),
    "sort": Parameter(
        "string",
        "Field to use for sorting appended with `:1` for ascending and `:-1` for descending.",
        pattern=f"{_LOG_FIELD}:(1|-1)",
    ),
    "fields": Parameter(
        "string",
        "Comma-separated list of fields to include or exclude in the result.",
        pattern=f"({_LOG_FIELD}(,{_LOG_FIELD})*)?",
    ),
    "include_fields": Parameter("boolean", "Whether specified fields are to be included or excluded."),
    "include_totals": Parameter("boolean", "Return results as an array when false (default)."),
    "q": Parameter("string", "Search Criteria using Query String Syntax."),
    "search": Parameter("string", "Retrieves logs that match the specified search criteria."),
}
LIST_CLIENTS = {
    "fields": Parameter("string", "Comma-separated list of fields to include or exclude in the result."),
    "include_fields": Parameter("boolean", "Whether specified fields are to be included or excluded."),
    "page": Parameter("integer", "Page index of the results to return. First page is 0."),
    "per_page": Parameter("integer", "Number of results per page.", maximum=100),
    "include_totals": Parameter("boolean", "Return results inside an object that contains the total result count."),
    "is_global": Parameter("boolean", "Optional filter on the global client parameter."),
    "is_first_party": Parameter("boolean", "Optional filter on whether or not a client is a first-party client."),
    "app_type": Parameter("string", "Optional filter by a comma-separated list of application types."),
    "external_client_id": Parameter("string", "Optional filter by the Client ID Metadata Document URI."),
}
