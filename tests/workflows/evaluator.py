"""GitHub's own evaluator of expressions and its own parser of workflow files, as it publishes them on npm."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.npm import node_executable, npm_script

HERE = Path(__file__).parent / "node"
_STORE = Path(__file__).parents[2] / ".reconciler" / "workflows"
_PATIENCE_SECONDS = 180
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS_FUNCTION = re.compile(r"\b(success|failure|always|cancelled)\s*\(")


@dataclass(frozen=True)
class Evaluator:
    """A process that evaluates expressions; one question at a time."""

    process: subprocess.Popen[str]

    def value(self, expression: str, contexts: Mapping[str, Any], status: str = "success") -> Any:
        """What an expression comes to, as JSON knows values. `status` is that of the job: success, failure,
        cancelled."""
        return self._asked(expression=expression, contexts=contexts, status=status)["value"]

    def holds(self, condition: Any, contexts: Mapping[str, Any], status: str) -> bool:
        """Whether an `if:` lets a step or a job run. Where none of its functions asks for the status, success() is
        asked, too."""
        said = (_scalar(condition) or "success()").strip().removeprefix("${{").removesuffix("}}").strip()
        asked = said if _STATUS_FUNCTION.search(said) else f"success() && ({said})"
        return bool(self.value(f"!!({asked})", contexts, status))

    def filled(self, node: Any, contexts: Mapping[str, Any]) -> Any:
        """A piece of YAML with its expressions evaluated: one that is all of a text gives its value, others their
        text."""
        if isinstance(node, dict):
            return {key: self.filled(value, contexts) for key, value in node.items()}
        if isinstance(node, list):
            return [self.filled(each, contexts) for each in node]
        if not isinstance(node, str):
            return node
        whole = _EXPRESSION.fullmatch(node.strip())
        if whole and whole[1].count("${{") == 0:
            return self.value(whole[1].strip(), contexts)
        return _EXPRESSION.sub(lambda found: self._text(found[1].strip(), contexts), node)

    def text(self, node: Any, contexts: Mapping[str, Any]) -> str:
        """The same as a step gets it: in `env:` and `with:` everything becomes text."""
        return _EXPRESSION.sub(lambda found: self._text(found[1].strip(), contexts), _scalar(node))

    def problems(self, path: Path) -> list[str]:
        """What GitHub's parser has against a workflow file, or a file action.yml."""
        asked = {"name": path.name, "content": path.read_text(encoding="utf-8"), "action": path.name == "action.yml"}
        return list(self._asked(**asked)["problems"])

    def _text(self, expression: str, contexts: Mapping[str, Any]) -> str:
        return str(self._asked(expression=expression, contexts=contexts, status="success")["text"])

    def _asked(self, **question: Any) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ValueError(f"{question.get('expression', question.get('name'))}: {answer['error']}")
        return answer


@contextmanager
def evaluating() -> Iterator[Evaluator]:
    """An evaluator; the packages are installed where they are not yet, as locked."""
    with subprocess.Popen(
        [str(node_executable()), str(_installed() / "evaluate.js")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Evaluator(process)
        assert process.stdin
        process.stdin.close()


def _scalar(node: Any) -> str:
    """A scalar of YAML as GitHub makes text of it."""
    if isinstance(node, bool):
        return "true" if node else "false"
    return "" if node is None else str(node)


def _installed() -> Path:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(HERE.iterdir()))).hexdigest()
    final = _STORE / digest[:16]
    if not final.is_dir():
        _STORE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=_STORE) as name:
            folder = Path(shutil.copytree(HERE, Path(name) / "tree"))
            _npm_ci(folder)
            try:
                folder.rename(final)
            except OSError:  # another worker was quicker
                assert final.is_dir()
    return final


def _npm_ci(folder: Path) -> None:
    flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    command = [str(node_executable()), str(npm_script()), "ci", *flags]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
