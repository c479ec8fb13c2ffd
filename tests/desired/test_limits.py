"""Counts that need many files to break: what `validate` says of a repository that no tenant can take."""

from __future__ import annotations

from reconciler.catalogue import limits
from reconciler.desired.checks.everything import problems
from reconciler.desired.load import load_repository
from reconciler.desired.tree import Worktree
from tests.desired.conftest import Builder

CODE = "exports.onExecutePostLogin = async () => {};\n"


def made(builder: Builder, *, actions: int = 0, modules: int = 0) -> tuple[str, ...]:
    """The problems of a repository with so many actions and modules, as they are told."""
    builder.put("reconciler.yaml", "name: acme\n").put("tenants/local.yaml", "type: local\n")
    for number in range(actions):
        name = f"action-{number:03}"
        builder.put(f"actions/{name}/action.yaml", f"name: {name}\ntrigger: post-login\n")
        builder.put(f"actions/{name}/code.js", CODE)
    for number in range(modules):
        name = f"module-{number:03}"
        builder.put(f"modules/{name}/module.yaml", f"name: {name}\n").put(f"modules/{name}/code.js", "exports.a = 1;\n")
    return tuple(str(problem) for problem in problems(load_repository(Worktree(builder.folder))))


def test_a_tenant_takes_a_hundred_actions(builder: Builder) -> None:
    assert made(builder, actions=limits.ACTIONS_PER_TENANT) == ()


def test_the_hundred_and_first_action_is_a_problem_of_the_tenant(builder: Builder) -> None:
    (problem,) = made(builder, actions=limits.ACTIONS_PER_TENANT + 1)
    assert problem == (
        "tenants/local.yaml: 101 actions would be deployed, a tenant takes 100. Leave some out with `overrides`."
    )


def test_the_hundred_and_first_module_is_named(builder: Builder) -> None:
    assert made(builder, modules=limits.MODULES_PER_TENANT) == ()
    (problem,) = made(builder, modules=limits.MODULES_PER_TENANT + 1)
    assert problem.startswith("modules/module-100/module.yaml: this is one module more than the 100 a tenant takes.")
