"""The pages of the checks of code."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.catalogue.rules import Rule

_HEAD = """# The checks of code

`reconciler validate` and every plan read the code of actions and modules, and hold it against these rules. An error
refuses; a warning is shown, and refuses where `validate --strict` says so. `reconciler rule R051` shows a page.

A finding is left alone by a comment with its code and the reason, on the line before it or at the end of its line:

```js
// reconciler-ignore R051: the gateway in front of it answers within 2 seconds
```

In a YAML file it begins with `#`. This file is made from the pages by `python -m tests.rules.index`.
"""


def rule_page(rule: Rule) -> str:
    """One page in Markdown, with its heading."""
    return f"# {rule.code}: {_plain(rule.title)}\n\n**{rule.severity}**\n\n{rule.page}"


def rules_index(rules: Collection[Rule]) -> str:
    """Every page in one text, after a table of them."""
    rows = [f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.title} |" for rule in rules]
    table = "\n".join(["| code | severity | what |", "| --- | --- | --- |", *rows])
    pages = (
        f"## {rule.code}\n\n**{rule.title}** ({rule.severity}). {rule.page.replace('## ', '### ')}" for rule in rules
    )
    return "\n".join([_HEAD, table, "", *pages])


def _plain(title: str) -> str:
    return title.replace("`", "")
