"""`reconciler rule`."""

from __future__ import annotations

import click
from rich.table import Table

from reconciler.catalogue.rules import RULES, Rule
from reconciler.cli.console import print_json, print_text, stdout
from reconciler.cli.options import format_option
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Usage
from reconciler.report.rules import rule_page


@click.command()
@click.argument("code", required=False)
@format_option("json")
def command(code: str | None, form: str) -> None:
    """Tell what a check of code is about.

    Without CODE it lists every rule. With one, such as R051, it shows what is wrong, why it hurts, a wrong and a right
    example, and how to leave a finding alone.
    """
    if code is None:
        _list(form)
        return
    rule = RULES.get(code.upper())
    if rule is None:
        raise Usage(f"There is no rule {code}{did_you_mean(code.upper(), RULES)}", "`reconciler rule` lists them all.")
    if form == "json":
        print_json({**_told(rule), "page": rule.page})
    else:
        print_text(rule_page(rule))


def _list(form: str) -> None:
    if form == "json":
        print_json([_told(rule) for rule in RULES.values()])
        return
    table = Table("code", "severity", "what", box=None, pad_edge=False)
    for rule in RULES.values():
        table.add_row(rule.code, rule.severity, rule.title)
    stdout().print(table)


def _told(rule: Rule) -> dict[str, str]:
    return {"code": rule.code, "severity": rule.severity, "title": rule.title}
