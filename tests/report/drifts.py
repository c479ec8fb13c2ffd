"""Drift to be shown, also such as somebody made who wants to do harm with it."""

from __future__ import annotations

from datetime import date

from reconciler.engine import normalize
from reconciler.engine.drift import texts, ways
from reconciler.model.action import Content, Trigger
from reconciler.model.deed import Author
from reconciler.model.drift import Drift, Finding

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>",
    "\"><b onmouseover=alert(1)>'",
    "```\n# broken out\n</details>",
    "\x1b]0;title\x07\x1b[31mred\x1b[0m",
    "@everyone https://example.com www.example.com [a](javascript:alert(1)) ![i](https://example.com/i.png)",
    "\u202egnp.exe\u2028next\r\nline",
    "{{ 7 * 7 }}{% raw %}",
    "-- looks like a header\n++ and another",
)


def content(code: str) -> Content:
    return normalize.content(
        trigger=Trigger(id="post-login", version="v3"), runtime="node22", code=code, dependencies=()
    )


def edited(name: str, base: str, live: str, *, agent: str = "auth0-dashboard/1.0", **more: object) -> Finding:
    """Somebody's edit of an action of that name."""
    finding = Finding(
        id=f"edited:{name}",
        kind="edited",
        name=name,
        severity="high",
        what=f"{name} was edited outside git (code) and deployed as version 4.",
        parts=("code",),
        diff=texts.action_diff(f"actions/{name}", content(base), content(live)),
        flows=("post-login",),
        since="2026-11-20T10:00:00.123456789Z",
        by=(
            Author(did="deployed", at="2026-11-20T10:00:00.200Z", client_id="abc", ip="203.0.113.24", user_agent=agent),
        ),
        base="a" * 40,
        ways=ways.ways(f"edited:{name}", "edited", "prod", date(2026, 11, 23)),
    )
    return finding.model_copy(update=more)


def drift(*findings: Finding, **more: object) -> Drift:
    return Drift(tool="reconciler/1", repo="acme", tenant="prod", commit="b" * 40, findings=findings).model_copy(
        update=more
    )


def hostile() -> Drift:
    """Every hostile text in every place that a stranger can write to."""
    findings = [edited(text, text, f"{text}\n// {text}", agent=text) for text in HOSTILE]
    return drift(*findings, unknown=HOSTILE, ended=HOSTILE)
