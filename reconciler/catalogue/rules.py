"""The checks of code: each has a code that never changes, a severity and a page.

The pages are `rules/R0NN.md`: what is wrong, why it hurts, a wrong and a right example, and how to leave it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """One check. An `error` refuses, a `warning` is shown. `title` is a sentence without its full stop."""

    code: str
    severity: Literal["error", "warning"]
    title: str

    @property
    def page(self) -> str:
        """Its page, in Markdown."""
        return Path(__file__).with_name("rules").joinpath(f"{self.code}.md").read_text(encoding="utf-8")


_RULES = (
    Rule("R001", "error", "The code does not parse"),
    Rule("R002", "error", "The runtime does not know this syntax"),
    Rule("R003", "error", "The code is an ES module"),
    Rule("R010", "error", "The handler is missing"),
    Rule("R011", "error", "The trigger has no such handler"),
    Rule("R020", "error", "A secret is read that is not declared"),
    Rule("R021", "warning", "A declared secret is never read"),
    Rule("R022", "error", "A secret is printed"),
    Rule("R023", "error", "The code holds a token"),
    Rule("R024", "error", "`actions.secrets` is read outside a module"),
    Rule("R030", "error", "A package is required that is not declared"),
    Rule("R031", "warning", "A declared package is never required"),
    Rule("R032", "error", "The runtime does not have this built-in module"),
    Rule("R033", "warning", "A built-in module is out of an action's reach"),
    Rule("R034", "error", "Another file is required"),
    Rule("R035", "error", "A module is required that the action does not name"),
    Rule("R036", "error", "A module requires a module"),
    Rule("R037", "warning", "A package is required that only another one brings along"),
    Rule("R038", "warning", "A named module is never required"),
    Rule("R040", "error", "The trigger's api has no such method"),
    Rule("R050", "warning", "A request is sent in clear"),
    Rule("R051", "warning", "A request is awaited without a time limit"),
    Rule("R090", "error", "A reconciler-ignore comment gives no reason"),
    Rule("R091", "error", "A reconciler-ignore comment names no rule"),
    Rule("R092", "warning", "A reconciler-ignore comment ignores nothing"),
)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _RULES}
"""Every rule by its code, in order."""
