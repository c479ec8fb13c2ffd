"""GitHub's own description of its API, cut down to what reconciler uses of it: description.json.

    python -m tests.github.description PATH-TO/api.github.com.json

makes it anew from `generated/api.github.com.json` of the npm package @octokit/openapi (MIT licence, copyright Octokit
contributors and GitHub), which is far too large to keep. Kept are the operations in USED with the schemas they refer
to, without their prose, and the examples of what the stand-in answers with.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "description.json"
REPOSITORY = "/repos/{owner}/{repo}"
USED = (
    f"GET {REPOSITORY}/issues/{{issue_number}}/comments",
    f"POST {REPOSITORY}/issues/{{issue_number}}/comments",
    f"PATCH {REPOSITORY}/issues/comments/{{comment_id}}",
    f"DELETE {REPOSITORY}/issues/comments/{{comment_id}}",
    f"POST {REPOSITORY}/check-runs",
    f"PATCH {REPOSITORY}/check-runs/{{check_run_id}}",
    f"GET {REPOSITORY}/commits/{{ref}}/check-runs",
    f"POST {REPOSITORY}/statuses/{{sha}}",
    f"GET {REPOSITORY}/commits/{{ref}}/statuses",
    f"GET {REPOSITORY}/pulls/{{pull_number}}",
    f"GET {REPOSITORY}/commits/{{commit_sha}}/pulls",
    f"GET {REPOSITORY}/pulls",
    f"POST {REPOSITORY}/pulls",
    f"PATCH {REPOSITORY}/pulls/{{pull_number}}",
    f"GET {REPOSITORY}/issues",
    f"POST {REPOSITORY}/issues",
    f"PATCH {REPOSITORY}/issues/{{issue_number}}",
    f"POST {REPOSITORY}/issues/{{issue_number}}/assignees",
    f"POST {REPOSITORY}/deployments",
    f"GET {REPOSITORY}/deployments",
    f"GET {REPOSITORY}/deployments/{{deployment_id}}/statuses",
    f"POST {REPOSITORY}/deployments/{{deployment_id}}/statuses",
)
EXAMPLES = (
    "simple-user",
    "issue-comment",
    "check-run",
    "status",
    "issue",
    "pull-request",
    "deployment",
    "deployment-status",
)
PROSE = ("description", "summary", "example", "examples", "externalDocs", "title")

Json = dict[str, Any]


@cache
def description() -> Json:
    """The description that is kept: source, paths, components and examples."""
    kept: Json = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def example(name: str) -> Json:
    """A copy of one of the EXAMPLES, to be changed."""
    copied: Json = json.loads(json.dumps(description()["examples"][name]))
    return copied


def cut_down(whole: Json) -> Json:
    """What is kept of the whole description."""
    paths: Json = {}
    for used in USED:
        method, _, path = used.partition(" ")
        operation = whole["paths"][path][method.lower()]
        paths.setdefault(path, {})[method.lower()] = _terse(
            {key: operation[key] for key in ("parameters", "requestBody", "responses") if key in operation}
        )
    components: Json = {}
    todo = list(_references(paths))
    while todo:
        reference = todo.pop()
        _, _, kind, name = reference.split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _terse(whole["components"][kind][name])
            todo.extend(_references(components[kind][name]))
    return {
        "source": {
            "package": "@octokit/openapi",
            "version": whole["info"]["version"],
            "licence": "MIT",
            "url": "https://github.com/github/rest-api-description",
        },
        "paths": paths,
        "components": components,
        "examples": {name: whole["components"]["examples"][name]["value"] for name in EXAMPLES},
    }


def _terse(value: Any, *, names: bool = False) -> Any:
    """The same without prose; `names` says that the keys are names of properties, which prose may be called, too."""
    if isinstance(value, list):
        return [_terse(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _terse(each, names=key == "properties" and not names)
        for key, each in value.items()
        if names or not (key in PROSE or key.startswith("x-"))
    }


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from _references(each)


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    KEPT.write_text(json.dumps(cut_down(read), indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{KEPT.name}: {KEPT.stat().st_size} bytes")
