"""Plans to be shown, also such as somebody made who wants to do harm with them."""

from __future__ import annotations

from reconciler.engine import normalize
from reconciler.model.action import Content, Trigger
from reconciler.model.pipeline import PipelineRun, PullRequest
from reconciler.model.plan import ActionChange, FlowChange, Place, Plan, SecretChange, Why

RUN = PipelineRun(
    event="pull_request",
    repository="acme/identity",
    sha="c" * 40,
    url="https://github.com/acme/identity/actions/runs/42",
    pull=PullRequest(number=7, head="d" * 40, base="main"),
)

HOSTILE = (
    "```\n# out\n</details>\n```js",
    "`" * 300 + "\n# out\n" + "~" * 300,
    " " + "`" * 255 + "\n\n# out",
    "~~~\n# out\n~~~",
    "</code></summary></details><script>alert(1)</script>",
    "</code></pre></details><img src=x onerror=alert(1)>",
    "<!-- --> <!-- reconciler {} --> --!> <?php ?> <![CDATA[ x ]]> <!DOCTYPE html>",
    '<!-- reconciler {"checksum":"","head":"","repo":"","tenant":""} -->',
    "@team @acme/admins ada@example.com #1 GH-1 acme/identity#1 acme/identity@" + "a" * 40,
    "b" * 40 + " abcdef1 https://example.com/x www.example.com mailto:ada@example.com ftp://example.com",
    "[a](javascript:alert(1)) ![i](https://example.com/i.png) [^1] [[wiki]] <https://example.com>",
    "\x1b[31mred\x1b[0m \x00 \x0b \x0c \r\n \x85 \u2028 \u2029 \u202e gnp.exe \u200b \ufeff \ud800",
    "$math$ $$more$$ $`x`$ :tada: **bold** _it_ ~~gone~~ &lt; &#64;team",
    "```mermaid\ngraph TD\n```\n```math\nx\n```",
    "::error file=a.js,line=1::owned\n  ::add-mask::x\n##[error]owned ::stop-commands::x",
    "${{ secrets.GITHUB_TOKEN }} {{ 7 * 7 }} | a | b |\n|---|---|\n| c | d |",
    "* a\n- b\n+ c\n1. d\n> e\n===\n---\n***\n    indented\n\ttab",
    "\\` \\\\` \\<b> \\[a\\](b) trailing\\",
    "'\"><b onmouseover=alert(1)>",
)
"""Texts of somebody who may write code, names or messages, and wants out of where they are shown."""


def content(code: str, **more: object) -> Content:
    """The content of an action with that code."""
    made = normalize.content(
        trigger=Trigger(id="post-login", version="v3"), runtime="node22", code=code, dependencies=()
    )
    return made.model_copy(update=more)


def update(name: str, before: str, after: str, *secrets: SecretChange) -> ActionChange:
    """An action whose code changes."""
    why = Why(reasons=("code",), before=content(before), secrets=secrets)
    return ActionChange(kind="update", name=name, id=f"id-{name}", number=2, after=content(after), why=why)


def plan(*actions: ActionChange, **more: object) -> Plan:
    """A plan of these changes."""
    made = Plan(tool="reconciler/1", repo="acme", tenant="prod", commit="c" * 40, actions=actions)
    return made.model_copy(update=more)


def large(count: int, size: int, *, changed_every: int = 20) -> Plan:
    """A plan of so many changed actions, each with so many bytes of code."""
    lines = [f"  console.log('line {number} of what runs at each login');" for number in range(size // 48)]
    edited = [line.replace("line", "changed") if at % changed_every == 0 else line for at, line in enumerate(lines)]
    return plan(*(update(f"action-{at:03}", "\n".join(lines), "\n".join(edited)) for at in range(count)))


def flow(trigger: str, before: tuple[str, ...], after: tuple[str, ...], shown: str = "") -> FlowChange:
    """A flow that is bound anew."""
    return FlowChange(
        trigger=trigger,
        before=tuple(Place(action=name) for name in before),
        after=tuple(Place(action=name, display_name=shown) for name in after),
    )
