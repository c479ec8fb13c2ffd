"""What an action is begun with where no template is taken: the handler of its trigger, and a first case that passes."""

from __future__ import annotations

from collections.abc import Mapping

RUNS: Mapping[str, str] = {
    "post-login": "Runs when a user has logged in, before tokens are made; also when tokens are renewed.",
    "credentials-exchange": "Runs before a machine gets its access token.",
    "pre-user-registration": "Runs before a user is stored who signs up with a password or without one.",
    "post-user-registration": "Runs after a user has signed up; nobody waits for it.",
    "post-change-password": "Runs after a user has changed the password; nobody waits for it.",
    "send-phone-message": "Runs when a code of the second factor is to be sent to a phone.",
    "password-reset-post-challenge": "Runs when a user proved who it is, before the new password is asked for.",
    "custom-token-exchange": "Runs when an application offers another token for one of this tenant's.",
    "event-stream": "Runs in the background when something happened that the stream tells of.",
    "custom-phone-provider": "Runs when the tenant is to send a message to a phone.",
    "custom-email-provider": "Runs when the tenant is to send a mail.",
}
"""When each trigger runs its actions, in words for whoever writes one."""


def starter(trigger: str, handler: str, runtime: str) -> Mapping[str, str]:
    """The files of an action that does nothing yet and has no name of its own: file name -> text."""
    type_name = handler[:1].upper() + handler[1:]
    code = f"""\
/**
 * {RUNS[trigger]}
 *
 * @type {{{type_name}}}
 */
exports.{handler} = async (event, api) => {{
  // What is to happen goes here; the cases beside this file say how you know.
}};
"""
    action = f"""\
# yaml-language-server: $schema=../../schemas/action.schema.json
name: starter
trigger: {trigger}
runtime: {runtime}
"""
    cases = """\
# yaml-language-server: $schema=../../schemas/cases.schema.json
- name: does nothing yet
  event: {}  # laid over the sample event of the trigger
  expect:
    api: []
    requests: []
"""
    return {"action.yaml": action, "code.js": code, "cases.yaml": cases}


def module_starter(name: str) -> Mapping[str, str]:
    """The files of a module that does next to nothing, of that name where code asks for it: file name -> text."""
    document = """\
# yaml-language-server: $schema=../../schemas/module.schema.json
name: starter
"""
    code = f"""\
/**
 * The mail domain of a user, in small letters; empty where there is no address. Actions get at it by
 * `const {{ domainOf }} = require("actions:{name}")`.
 */
exports.domainOf = (user) => {{
  const email = user.email ?? "";
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}};
"""
    return {"module.yaml": document, "code.js": code}
