"""The files that a new repository begins with, beside those that are made for it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

PLACES: Mapping[str, str] = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "local.yaml": "tenants/local.yaml",
}
"""File of the package -> where it goes."""


WORKFLOWS = "\n\nA pull request is"
"""Where the README tells of the workflows, a paragraph."""


def repository_files(name: str, key_file: str, *, workflows: bool) -> Mapping[str, str]:
    """Path -> text, for a repository of that name whose age key is in that file, with workflows or without."""
    folder = files("reconciler.templates").joinpath("new-repository")
    texts = {path: folder.joinpath(shipped).read_text(encoding="utf-8") for shipped, path in PLACES.items()}
    texts["tenants/local.yaml"] = texts["tenants/local.yaml"].replace("KEY_FILE", key_file)
    texts["README.md"] = _readme(texts["README.md"], name, key_file, workflows=workflows)
    return texts


def _readme(text: str, name: str, key_file: str, *, workflows: bool) -> str:
    if not workflows:
        before, _, after = text.partition(WORKFLOWS)
        text = before + after[after.index("\n\n") :]
    return text.replace("NAME", name, 1).replace("KEY_FILE", key_file)
