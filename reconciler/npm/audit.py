"""Asks the registry, through npm, what is known against packages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import PackageError
from reconciler.model.audit import SEVERITIES, Advisory
from reconciler.npm.command import NpmCommand
from reconciler.npm.failures import NETWORK, RETRY, disk

ELSEWHERE = "Name a registry that does in npm's configuration (npm_config_registry), or go without the audit."


async def read_advisories(command: NpmCommand, packages: Iterable[tuple[str, str]]) -> tuple[Advisory, ...]:
    """Every advisory against those packages (name, version), by package and id. One npm asks for all of them.

    Raises PackageError where the registry does not answer, or knows no advisories: that is not to say there are none.
    """
    asked = {f"node_modules/{number}": each for number, each in enumerate(packages)}
    if not asked:
        return ()
    entries = {path: {"name": name, "version": version} for path, (name, version) in asked.items()}
    root = {"private": True}
    with disk(), tempfile.TemporaryDirectory(prefix="reconciler-npm-") as name:
        folder = Path(name)
        (folder / "package.json").write_text(json.dumps(root), encoding="utf-8")
        lock = {"lockfileVersion": 3, "requires": True, "packages": {"": root, **entries}}
        (folder / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
        _, out = await command.said(folder, "audit", "--audit")
    found = {(each.package, each.id): each for each in _advisories(_report(out), asked)}
    return tuple(found[key] for key in sorted(found))


def _report(out: bytes) -> Mapping[str, Any]:
    """npm's report (auditReportVersion 2); it ends with 1 for findings and for failures alike."""
    try:
        report = json.loads(out)
        if isinstance(report["vulnerabilities"], dict):
            return dict(report["vulnerabilities"])
    except (ValueError, KeyError, TypeError):
        pass
    raise _failure(out)


def _advisories(report: Mapping[str, Any], asked: Mapping[str, tuple[str, str]]) -> Iterator[Advisory]:
    for found in report.values():
        versions = tuple(sorted({asked[path][1] for path in found["nodes"] if path in asked}))
        for each in found["via"]:
            if isinstance(each, dict):  # a name instead tells of what depends on such a package
                yield _advisory(each, versions)


def _advisory(told: Mapping[str, Any], versions: tuple[str, ...]) -> Advisory:
    url = str(told.get("url") or "")
    known = url.rpartition("/")[2]
    severity = told.get("severity")
    return Advisory(
        id=known if known.startswith("GHSA-") else str(told.get("source") or known),
        package=told["name"],
        title=str(told.get("title") or "no title"),
        severity=severity if severity in SEVERITIES else "critical",
        range=str(told.get("range") or "*"),
        url=url,
        versions=versions,
    )


def _failure(out: bytes) -> PackageError:
    """Without addresses; what a registry answers to what it does not know is its status only."""
    told: Mapping[str, Any] = {}
    try:
        told = json.loads(out)
        status = told.get("statusCode")
    except (ValueError, AttributeError):
        status = None
    said = str(told.get("message", "")) if isinstance(told, dict) else ""
    if status in (401, 403):
        return PackageError("The npm registry refuses to say what is known against packages.", ELSEWHERE)
    if status:
        return PackageError(
            f"The npm registry tells no advisories: it answered {status} when asked for them.", ELSEWHERE
        )
    if any(code in said for code in NETWORK) or "request to" in said:
        return PackageError("The npm registry cannot be reached for what is known against packages.", RETRY)
    return PackageError("npm failed to ask what is known against packages.", RETRY)
