"""The command line: parse, compose, print, exit code. The only room for click, print and asyncio.run.

Commands are imported when they are called for, so that `reconciler --help` starts without httpx, starlette and
GitPython.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from reconciler.cli.lazy import LazyGroup, module_in
from reconciler.cli.problems import show_problem
from reconciler.errors import Exit, ReconcilerError
from reconciler.settings import without_plugins

COMMANDS = {
    "init": "Begin a repository, with everything it needs.",
    "new": "Begin an action, a flow or a module.",
    "templates": "List actions to start from, and show them.",
    "validate": "Check every file of the repository, offline.",
    "rule": "Tell what a check of code is about.",
    "plan": "Show what apply would change in a tenant.",
    "apply": "Make a tenant what git says: test, deploy, bind.",
    "drift": "Find what in a tenant git does not explain, and who did it.",
    "rollback": "Make an action run an earlier version again.",
    "test": "Run the cases of actions and flows on the embedded runtime.",
    "invoke": "Run one action with an event and show what it does.",
    "versions": "Show which commit each version of an action comes from.",
    "flows": "Show which actions run in which order.",
    "logs": "Show the tenant log.",
    "login": "Let a user log in to the embedded tenant.",
    "trigger": "Fire any trigger of the embedded tenant.",
    "lock": "Resolve npm dependencies to exact versions.",
    "types": "Let your editor complete and check the code of actions.",
    "secrets": "Make, set, edit and check encrypted secrets.",
    "tenant": "Serve or reset the embedded tenant.",
    "schema": "Write the JSON Schemas of every document.",
    "adopt": "Write what drifted in a tenant into the files.",
    "import": "Write a repository from what runs in a tenant.",
    "ci": "Do a stage of a pipeline, and tell GitHub of it.",
    "demo": "Tell the whole story once, in a fresh repository.",
}

COLLECT_AFTER = 250_000
"""New objects after which garbage is looked for: more than a command makes in a repository of a hundred actions, for
the look takes a tenth of what loading them takes, and a server keeps no more garbage than some tens of megabytes."""


def module_of(command: str) -> str:
    """The module that a command lives in."""
    return module_in(__name__, command)


@click.group(cls=LazyGroup, listed=COMMANDS, room=__name__, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reconciler")
def cli() -> None:
    """Git-ops for Auth0 Actions: git says what runs in a login, reconciler makes it so and shows when it is not."""


def main() -> None:
    """The console script."""
    # Commands live for seconds: looking for garbage while they are imported, and once more at their end, finds none.
    gc.set_threshold(COLLECT_AFTER)
    without_plugins()
    code = status(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


def status(args: Sequence[str]) -> int:
    """Runs one command; gives the documented exit code. Nothing a user can cause ends in a traceback."""
    try:
        outcome = cli.main(list(args), prog_name="reconciler", standalone_mode=False)
        return int(outcome) if isinstance(outcome, int) else Exit.DONE
    except click.ClickException as wrong:
        wrong.show()
        return Exit.USAGE if isinstance(wrong, click.UsageError) else Exit.ERROR
    except ReconcilerError as problem:
        show_problem(problem)
        return problem.exit_code
    except _stopped():
        click.echo("Stopped.", err=True)
        return Exit.ERROR
    except BrokenPipeError:
        # The reader went away (| head); there is nobody left to tell, and the interpreter must not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.ERROR
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        click.secho(f"error: {where}{problem.strerror or problem}", fg="red", err=True)
        return Exit.ERROR


def _stopped() -> tuple[type[BaseException], ...]:
    """How a command ends that somebody stops. Only one that imported asyncio can be cancelled: help needs none."""
    loaded = sys.modules.get("asyncio")
    return (click.Abort, KeyboardInterrupt, *([loaded.CancelledError] if loaded else []))
