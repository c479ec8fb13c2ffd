"""Writes .github/RULES.md from the pages: `python -m tests.rules.index`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from reconciler.catalogue.rules import RULES, Rule

INDEX = Path(__file__).parents[2] / ".github" / "RULES.md"

_HEAD = """# The checks of code

`reconciler validate` and every plan read the code of actions and modules, and hold it against these rules. An error
refuses; a warning is shown, and refuses where `validate --strict` says so. `reconciler rule R051` shows a page.

A finding is left alone by a comment with its code and the reason, on the line before it or at the end of its line:

```js
// reconciler-ignore R051: the gateway in front of it answers within 2 seconds
```

In a YAML file it begins with `#`. This file is made from the pages by `python -m tests.rules.index`.
"""


def rules_index(rules: Collection[Rule]) -> str:
    """Every page in one text, after a table of them."""
    rows = [f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.title} |" for rule in rules]
    table = "\n".join(["| code | severity | what |", "| --- | --- | --- |", *rows])
    pages = (
        f"## {rule.code}\n\n**{rule.title}** ({rule.severity}). {rule.page.replace('## ', '### ')}" for rule in rules
    )
    return "\n".join([_HEAD, table, "", *pages])


if __name__ == "__main__":
    INDEX.write_text(rules_index(RULES.values()), encoding="utf-8")
