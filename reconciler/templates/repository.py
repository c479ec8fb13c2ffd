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


def repository_files(name: str, key_file: str) -> Mapping[str, str]:
    """Path -> text, for a repository of that name whose age key is in that file."""
    folder = files("reconciler.templates").joinpath("new-repository")
    return {
        path: folder.joinpath(shipped)
        .read_text(encoding="utf-8")
        .replace("# NAME\n", f"# {name}\n", 1)
        .replace("KEY_FILE", key_file)
        for shipped, path in PLACES.items()
    }
