"""What one action or module has for itself: its secrets, and the names under which its code finds its types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.catalogue.triggers import TriggerFacts
from reconciler.report.editor.api import render_api
from reconciler.report.editor.event import render_event
from reconciler.report.editor.jsdoc import jsdoc
from reconciler.report.editor.names import GENERATED, handler_type, key, trigger_name
from reconciler.report.editor.node import render_untyped


def render_trigger(trigger: TriggerFacts) -> str:
    """Event, api and handlers of a trigger. The same for every action of it: each declares `Secrets` for itself."""
    name = trigger_name(trigger)
    handlers = "\n".join(_handler(each, f"(event: {name}Event, api: {name}API)") for each in trigger.handlers)
    return (
        f"{GENERATED}\n\n{render_event(trigger)}\n{render_api(trigger)}\n"
        f"{jsdoc(['The event, as the comments of the platform call it.'])}interface Event extends {name}Event {{}}\n\n"
        f"{handlers}\n{_platform_module(trigger)}"
    )


def _handler(name: str, params: str) -> str:
    """The type of a handler, async or not, whatever it returns. Of two functions rather than one: TypeScript up to 6
    takes a single one in a comment for an annotation, and wants every async function to be declared as a promise."""
    words = jsdoc([f"The type of {name}: write it in a comment before the handler."])
    return f"{words}type {handler_type(name)} = ({params} => void) | ({params} => Promise<void>);\n"


def _platform_module(trigger: TriggerFacts) -> str:
    """What `import("@auth0/actions/post-login/v3")` gives: the platform's own types go by that name."""
    if not trigger.version:
        return ""
    name = trigger_name(trigger)
    return (
        f'declare module "@auth0/actions/{trigger.id}/{trigger.version}" {{\n'
        f"  export type Event = {name}Event;\n  export type {name}API = globalThis.{name}API;\n}}\n"
    )


def render_action(secrets: Mapping[str, str], untyped: Iterable[str], uses_modules: bool) -> str:
    """The declarations of one action. `secrets` maps each name to where its value comes from, in words; `untyped` are
    packages that are not installed. The code of modules that it uses is read along with its own."""
    modules = f"\n{jsdoc(['Only the code of modules has this.'])}declare const actions: any;\n" if uses_modules else ""
    return (
        f"{GENERATED}\n\n{jsdoc(['The secrets that action.yaml names.'])}interface Secrets {{\n"
        f"{_secrets(secrets, '  ')}}}\n{modules}{_packages(untyped)}"
    )


def render_module(secrets: Mapping[str, str], untyped: Iterable[str], used: bool) -> str:
    """The declarations of one module: `actions.secrets` is its own (wire.md, section 4). Its functions may be handed
    the event of any action: with the secrets of that one, and of no known trigger unless the module is `used`."""
    event = "" if used else "interface Event {\n  [key: string]: any;\n}\n"
    return (
        f"{GENERATED}\n\n{jsdoc(['What the code of this module is given.'])}declare const actions: {{\n"
        f"{jsdoc(['The secrets that module.yaml names.'], '  ')}  readonly secrets: {{\n{_secrets(secrets, '    ')}"
        f"  }};\n}};\n\n{jsdoc(['The secrets of whichever action hands its event on.'])}"
        f"interface Secrets {{\n  readonly [name: string]: string;\n}}\n{event}{_packages(untyped)}"
    )


def _secrets(secrets: Mapping[str, str], indent: str) -> str:
    return "".join(
        f"{jsdoc([words], indent)}{indent}readonly {key(name)}: string;\n" for name, words in sorted(secrets.items())
    )


def _packages(untyped: Iterable[str]) -> str:
    names = [each for name in sorted(untyped) for each in (name, f"{name}/*")]
    return f"\n// Not installed: nothing is known of them.\n{render_untyped(names)}" if names else ""
