"""The workflows of a new repository: those of the example, at the top of its git repository."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.run.example import example_repository

FOLDER = ".github/workflows"
_STAGE = re.compile(r"^( +)command: \S.*$", re.MULTILINE)


def workflows(prefix: str) -> Mapping[str, str]:
    """Path below the top of the git repository -> text.

    `prefix` is where the repository is in it, with a slash at its end. Below the top it gets workflows of its own name,
    which tell every stage where it is: others may be there, for other folders.
    """
    found = sorted((example_repository() / FOLDER).glob("*.yml"))
    texts = {file.name: file.read_text(encoding="utf-8") for file in found}
    if not prefix:
        return {f"{FOLDER}/{name}": text for name, text in texts.items()}
    own = prefix.rstrip("/").replace("/", "-")
    return {f"{FOLDER}/{own}-{name}": _placed(text, prefix.rstrip("/"), own) for name, text in texts.items()}


def _placed(text: str, folder: str, own: str) -> str:
    text = _STAGE.sub(lambda stage: f"{stage[0]}\n{stage[1]}repo-dir: {folder}", text)
    text = text.replace("reconciler ci matrix", f"reconciler ci matrix --repo {folder}")
    text = re.sub(r"^name: (.*)$", rf"name: {own} \1", text, count=1, flags=re.MULTILINE)
    # Two workflows in one group would end each other.
    return re.sub(r"^( +group:) ", rf"\1 {own}-", text, flags=re.MULTILINE)
