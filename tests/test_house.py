"""The house rules that import-linter cannot see."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from reconciler import errors
from reconciler.cli import COMMANDS, module_of

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "reconciler").rglob("*.py"))
TOP = {
    "README.md",
    "pyproject.toml",
    "reconciler",
    "schemas",
    "example-repo",
    "tests",
    "benchmarks",
}
FORBIDDEN_NAMES = {"utils", "common", "base", "manager", "helpers", "types"}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_file_passes_400_lines_and_no_function_60(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for function in functions(parsed(path)):
        assert (function.end_lineno or 0) - function.lineno < 60, function.name


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_import_hides_in_a_function_or_behind_type_checking(path: Path) -> None:
    for function in functions(parsed(path)):
        assert not [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)], function.name
    assert "TYPE_CHECKING" not in path.read_text(encoding="utf-8")


LOADED_BY_NAME = {
    "cli/lazy.py": {"module_in(self.room, cmd_name)"},
    "cli/case_lines.py": {"'rich.status'", "'reconciler.report.case_failure'"},
    "cli/lines.py": {"'rich.text'", "'reconciler.cli.console'"},
    "cli/test.py": {"TESTING"},
    "cli/testing.py": {
        "REPORTS",
        "'reconciler.run.recording'",
        "'reconciler.run.on_tenant'",
        "'reconciler.cli.watching'",
    },
    "cli/validate.py": {"'reconciler.cli.file_quality'"},
    "settings.py": {"'tempfile'"},
    "desired/checks/logins.py": {"'reconciler.desired.checks.public_keys'"},
}
"""What takes long to import and few runs need; import-linter does not see these, so they are few and listed."""


def test_only_these_modules_are_loaded_by_name() -> None:
    found = {
        (path.relative_to(ROOT / "reconciler").as_posix(), ast.unparse(node.args[0]))
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
    }
    assert found == {(file, name) for file, names in LOADED_BY_NAME.items() for name in names}


@pytest.mark.parametrize("path", sorted((ROOT / "reconciler/model").glob("*.py")), ids=str)
def test_the_fields_of_nouns_are_not_annotated_in_text(path: Path) -> None:
    """Pydantic compiles each such text when the noun is imported: a fifth of the time that a noun takes."""
    tree = parsed(path)
    nouns = [node for node in tree.body if isinstance(node, ast.ClassDef) and "Frozen" in map(ast.unparse, node.bases)]
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert not (nouns and futures)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_module_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_settings_reads_the_environment(path: Path) -> None:
    if path.name != "settings.py":
        assert "os.environ" not in path.read_text(encoding="utf-8")
        assert "getenv" not in path.read_text(encoding="utf-8")


def test_the_top_level_holds_what_was_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    tops = {line.split("/")[0] for line in listed if line and not line.startswith(".")}
    assert tops <= TOP


def test_the_exit_codes_are_the_documented_ones() -> None:
    pinned = {"DONE": 0, "ERROR": 1, "CHANGES": 2, "REFUSED": 3, "CASES_FAILED": 4, "STALE": 5, "USAGE": 64}
    assert {code.name: code.value for code in errors.Exit} == pinned


def imported(*args: str, of: Iterable[str]) -> list[str]:
    """Those of the modules that a command imports which ends well."""
    code = f"import sys; from reconciler.cli import status; assert status({args!r}) == 0; "
    code += f"print([name for name in {tuple(of)!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    found: list[str] = ast.literal_eval(out.splitlines()[-1])
    return found


HEAVY = ("git", "httpx", "starlette", "uvicorn", "sqlite3", "cryptography", "joserfc", "ruamel", "jinja2", "watchfiles")


def test_help_starts_without_the_heavy_libraries() -> None:
    assert imported("--help", of=(*HEAVY, "pydantic", "yaml", "asyncio", "rich", "tempfile")) == []


@pytest.mark.parametrize(("command", "others"), [("test", ["rich"]), ("validate", ["rich.table", "rich.live"])])
def test_a_look_at_the_files_on_disk_imports_only_what_every_such_look_needs(
    command: str, others: list[str], tmp_path: Path
) -> None:
    (tmp_path / "tenants").mkdir()
    (tmp_path / "reconciler.yaml").write_text("name: a\n")
    (tmp_path / "tenants/local.yaml").write_text("type: local\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    told_elsewhere = ("xml.etree", "reconciler.model.pipeline", "reconciler.model.plan", *others)
    assert imported(command, "--repo", str(tmp_path), of=(*HEAVY, *told_elsewhere)) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_the_one_in_the_list(name: str) -> None:
    command = importlib.import_module(module_of(name)).command
    assert command.get_short_help_str(200) == COMMANDS[name]
