"""What things of the platform are called in TypeScript.

The names `Event` and `PostLoginAPI` are those that the platform's own templates write in their comments
(auth0/opensource-marketplace, auth0/auth0-cli); `PostLoginEvent` and `import("@auth0/actions/post-login/v3")` are those
of the platform's types.
"""

from __future__ import annotations

import json
import re

from reconciler.catalogue.triggers import TriggerFacts

MARK = "Written by `reconciler types`"
GENERATED = f"// {MARK}: do not edit, it is written again."
ALIASES = {"password-reset-post-challenge": ("PostChallengeAPI",)}
"""Other names of a trigger's api in code that people have."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


def trigger_name(trigger: TriggerFacts) -> str:
    """`PostLogin` for post-login."""
    return pascal(trigger.id)


def handler_type(handler: str) -> str:
    """`OnExecutePostLogin` for the handler onExecutePostLogin."""
    return handler[0].upper() + handler[1:]


def pascal(words: str) -> str:
    """`AuthenticationMethods` for authentication.methods; capitals within a word stay."""
    return "".join(word[0].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", words) if word)


def key(name: str) -> str:
    """A name as a property is written: quoted where it is not an identifier."""
    return name if _IDENTIFIER.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """A literal string."""
    return json.dumps(text, ensure_ascii=False)
