"""Small repositories that rules are tried on: the folders beside this file, and the examples of the pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.catalogue.rules import RULES, Rule
from reconciler.desired.checks.code.everything import code_findings
from reconciler.desired.load import Documents, LoadedAction, LoadedModule, load_repository
from reconciler.desired.tree import Worktree
from reconciler.errors import Diagnostic
from reconciler.local.node.parse import read_code_facts
from reconciler.npm import node_executable

HERE = Path(__file__).parent
FOLDERS = sorted(path for path in HERE.iterdir() if re.match(r"R\d{3}-", path.name))
_SECTION = re.compile(r"## (Wrong|Right)\n(.*?)(?=\n## )", re.DOTALL)
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_LOCKED = """{"version": 1, "actions": {"example": {"ranges": {}, "versions": {}, "packages": [
  {"path": "node_modules/follow-redirects", "version": "1.15.6", "integrity": "sha512-x"}]}}}"""
"""What the examples of R037 are locked to."""


@dataclass(frozen=True)
class Example:
    """One small repository: `R051-no-time-limit/bad`, or `R051 Wrong` of a page."""

    name: str
    files: Mapping[str, str]

    @property
    def rule(self) -> Rule:
        """The rule that it is an example of."""
        return RULES[self.name[:4]]


def folders() -> list[Example]:
    """The bad and the good files of every rule."""
    return [Example(f"{folder.name}/{kind}", _files(folder / kind)) for folder in FOLDERS for kind in ("bad", "good")]


def pages() -> list[Example]:
    """The wrong and the right example of every page."""
    return [
        Example(f"{rule.code} {section}", _page_files(_BLOCK.findall(text)))
        for rule in RULES.values()
        for section, text in _SECTION.findall(rule.page)
    ]


def findings(examples: Iterable[Example], room: Path) -> dict[str, tuple[Diagnostic, ...]]:
    """What the rules find in each, all read by one Node."""
    repositories = {example.name: _loaded(example, room / str(at)) for at, example in enumerate(examples)}
    sources = {
        f"{name}\n{one.code_file}": one.code
        for name, documents in repositories.items()
        for one in _coded(documents)
        if one.code is not None
    }
    read = asyncio.run(read_code_facts(node_executable(), sources))
    facts = {
        name: {key.partition("\n")[2]: read[key] for key in read if key.startswith(f"{name}\n")}
        for name in repositories
    }
    return {name: code_findings(documents, facts[name]) for name, documents in repositories.items()}


def _coded(documents: Documents) -> list[LoadedAction | LoadedModule]:
    return [*documents.actions, *documents.modules]


def _loaded(example: Example, folder: Path) -> Documents:
    for path, text in example.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return load_repository(Worktree(folder))


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "expected.txt"
    }


def _page_files(blocks: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files of one example: the document as it is written, with what every action has to say."""
    texts = dict(blocks)
    document = texts.get("yaml", "")
    named = re.match(r"# (modules/\w+)/module.yaml\n", document)
    folder = named[1] if named else "actions/example"
    if not named:
        given = ("name: example\n" if "name:" not in document else "") + document
        document = given if "trigger:" in given else f"{given}trigger: post-login\n"
    about = "module.yaml" if named else "action.yaml"
    return {f"{folder}/{about}": document, f"{folder}/code.js": texts["js"], "reconciler.lock": _LOCKED}
