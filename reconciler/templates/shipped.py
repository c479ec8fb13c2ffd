"""The templates that ship with the package, read from their folders beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from pydantic import Field

from reconciler.model.frozen import Frozen

ABOUT = "template.yaml"
FILES = ("action.yaml", "code.js", "cases.yaml")


class Template(Frozen):
    """An action to start from. `use_case` is one of the words that the list is grouped by; `finish` what is left to do
    for whoever takes it, a sentence each; `files` the text of each file of the action's folder."""

    name: str
    title: str
    description: str
    trigger: str
    use_case: str
    finish: tuple[str, ...] = ()
    files: dict[str, str] = Field(default_factory=dict)


@cache
def templates() -> Mapping[str, Template]:
    """Every template by its name, in order of name."""
    folders = (each for each in files("reconciler.templates").iterdir() if each.joinpath(ABOUT).is_file())
    return {folder.name: _template(folder) for folder in sorted(folders, key=lambda each: each.name)}


def _template(folder: Traversable) -> Template:
    about = yaml.safe_load(folder.joinpath(ABOUT).read_text(encoding="utf-8"))
    texts = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in FILES}
    return Template.model_validate({**about, "name": folder.name, "files": texts})
