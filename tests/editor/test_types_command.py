"""`reconciler types` as its user meets it, without compilers and offline."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.cli.types_ import follow
from reconciler.errors import Exit
from reconciler.run.workplace import open_workplace
from reconciler.settings import process_settings
from tests.run.conftest import Home

Told = pytest.CaptureFixture[str]
ENTRY = "actions/greet/jsconfig.json"
OURS = ".reconciler/types/actions/greet"


@pytest.fixture
def typed(home: Home, capsys: Told) -> Home:
    """A repository whose editor knows it."""
    assert home.reconciler("types") == Exit.DONE
    capsys.readouterr()
    return home


def everything(home: Home) -> dict[str, tuple[bytes, int]]:
    """Every file that was written for editors, with its time."""
    found = [*(home.folder / ".reconciler/types").rglob("*"), *(home.folder / "actions").rglob("jsconfig.json")]
    return {str(each): (each.read_bytes(), each.stat().st_mtime_ns) for each in found if each.is_file()}


def test_nothing_that_is_written_shows_in_git(home: Home) -> None:
    assert home.reconciler("types") == Exit.DONE
    assert home.git("status", "--porcelain", "--untracked-files=all") == ""
    assert (home.folder / ENTRY).is_file()


def test_a_second_run_writes_nothing(typed: Home, capsys: Told) -> None:
    before = everything(typed)
    assert typed.reconciler("types") == Exit.DONE
    assert "nothing changed" in capsys.readouterr().out
    assert everything(typed) == before


def test_two_clones_get_the_same_bytes(typed: Home, store: Path, tmp_path: Path) -> None:
    typed.git("clone", "-q", str(typed.folder), str(tmp_path / "clone"))
    clone = Home(tmp_path / "clone")
    shutil.copytree(store, clone.folder / ".reconciler/packages", symlinks=True)
    assert clone.reconciler("types") == Exit.DONE
    relative = [
        {os.path.relpath(path, one.folder): content for path, (content, _) in everything(one).items()}
        for one in (typed, clone)
    ]
    assert relative[0] == relative[1]


def test_check_tells_what_is_stale_and_writes_nothing(home: Home, capsys: Told) -> None:
    assert home.reconciler("types", "--check") == Exit.ERROR
    assert f"stale {ENTRY}\n" in capsys.readouterr().out
    assert not (home.folder / ENTRY).exists()
    assert home.reconciler("types") == Exit.DONE
    assert home.reconciler("types", "--check") == Exit.DONE
    home.change("actions/greet/action.yaml", "TOKEN: token", "TOKEN_NEW: token")
    capsys.readouterr()
    assert home.reconciler("types", "--check") == Exit.ERROR
    assert capsys.readouterr().out == f"stale {OURS}/index.d.ts\n"


def test_a_secret_has_its_name_and_where_it_comes_from_but_never_a_value(typed: Home) -> None:
    text = (typed.folder / OURS / "index.d.ts").read_text()
    assert "  /** The key token of the tenant's SOPS file. */\n  readonly TOKEN: string;\n" in text
    assert "readonly LEVEL: string;" in text
    assert "info" not in text


def test_what_is_left_of_a_removed_action_goes_and_is_no_action_until_then(typed: Home, capsys: Told) -> None:
    typed.git("rm", "-q", "-r", "actions/greet")
    typed.write("flows/post-login.yaml", "trigger: post-login\nbindings: [guard]\n")
    assert (typed.folder / ENTRY).exists()
    assert typed.reconciler("validate") == Exit.DONE
    assert typed.reconciler("types") == Exit.DONE
    assert not (typed.folder / "actions/greet").exists()
    assert not (typed.folder / OURS).exists()


@pytest.mark.parametrize("linked", ["actions", "actions/greet"])
def test_what_a_link_leads_to_is_left_alone(typed: Home, tmp_path: Path, linked: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (typed.folder / linked).rename(elsewhere)
    (typed.folder / linked).symlink_to(elsewhere)
    typed.write("flows/post-login.yaml", "trigger: post-login\nbindings: []\n")
    before = sorted(elsewhere.rglob("*"))
    assert elsewhere / ENTRY.removeprefix(f"{linked}/") in before
    assert typed.reconciler("types") == Exit.DONE
    assert sorted(elsewhere.rglob("*")) == before
    assert not (typed.folder / OURS).exists()


def test_what_a_compiler_keeps_between_two_builds_is_not_stale(typed: Home, capsys: Told) -> None:
    typed.write(f"{OURS}/tsconfig.tsbuildinfo", "{}")
    assert typed.reconciler("types", "--check") == Exit.DONE
    typed.git("rm", "-q", "-r", "actions/greet")
    assert typed.reconciler("types") == Exit.DONE
    assert not (typed.folder / OURS).exists()


def test_only_the_named_action_is_written(typed: Home) -> None:
    for name in ("greet", "guard"):
        typed.write(f"actions/{name}/jsconfig.json", "// Written by `reconciler types`, but long ago\n")
    assert typed.reconciler("types", "greet") == Exit.DONE
    assert "extends" in (typed.folder / ENTRY).read_text()
    assert "long ago" in (typed.folder / "actions/guard/jsconfig.json").read_text()
    assert "actions/guard" in (typed.folder / ".reconciler/types/tsconfig.json").read_text()


def test_a_misspelt_name_is_wrong_usage(home: Home, capsys: Told) -> None:
    assert home.reconciler("types", "gret") == Exit.USAGE
    assert "There is no action or module 'gret'; did you mean 'greet'?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["jsconfig.json", "tsconfig.json"])
def test_a_project_that_somebody_wrote_stays_and_is_told_of(home: Home, capsys: Told, name: str) -> None:
    home.write(f"actions/greet/{name}", '{"compilerOptions": {"strict": false}}\n')
    assert home.reconciler("types") == Exit.DONE
    told = capsys.readouterr().err.replace("\n", " ")
    assert f"actions/greet/{name}:" in told
    assert '"extends": "../../.reconciler/types/actions/greet/tsconfig.json"' in told
    assert "strict" in (home.folder / f"actions/greet/{name}").read_text()
    home.write(f"actions/greet/{name}", '{"extends": "../../.reconciler/types/actions/greet/tsconfig.json"}\n')
    assert home.reconciler("types") == Exit.DONE
    assert f"actions/greet/{name}" not in capsys.readouterr().err


def test_an_ignore_file_that_somebody_wrote_stays_and_is_told_what_it_lacks(home: Home, capsys: Told) -> None:
    home.write("actions/.gitignore", "*.log\n")
    assert home.reconciler("types") == Exit.DONE
    assert "Add /*/jsconfig.json and /*/node_modules to it." in capsys.readouterr().err.replace("\n", " ")
    home.write("actions/.gitignore", "*.log\n/*/jsconfig.json\n/*/node_modules\n")
    assert home.reconciler("types") == Exit.DONE
    assert "Add /*/" not in capsys.readouterr().err


def test_a_node_modules_folder_of_ones_own_stays(home: Home) -> None:
    home.write("actions/greet/node_modules/left-pad/index.js", "")
    assert home.reconciler("types") == Exit.DONE
    assert (home.folder / "actions/greet/node_modules/left-pad/index.js").is_file()


def test_without_a_registry_everything_but_details_is_there(bare: Home, capsys: Told) -> None:
    home = bare
    home.change("actions/greet/action.yaml", "secrets:", 'dependencies: {"@slack/webhook": ^7.0.0}\nsecrets:')
    assert home.reconciler("types") == Exit.DONE
    told = " ".join(capsys.readouterr().err.split())
    assert "what Node has is known by its names only: the npm registry cannot be reached" in told
    assert "actions/greet: its packages are not installed, so nothing completes of them: reconciler.lock has" in told
    assert 'declare module "@slack/webhook";\n' in (home.folder / OURS / "index.d.ts").read_text()
    assert "declare var console" in (home.folder / ".reconciler/types/node22/node/index.d.ts").read_text()


def test_handlers_that_an_editor_knows_nothing_of_are_told_in_one_sentence(home: Home, capsys: Told) -> None:
    home.change("actions/guard/code.js", "exports", "/** @type {OnExecutePostLogin} */\nexports")
    assert home.reconciler("types") == Exit.DONE
    told = " ".join(capsys.readouterr().err.split())
    assert "actions/greet/code.js:1:1: an editor knows nothing of event and api here" in told
    assert "Write /** @type {OnExecutePostLogin} */ before it." in told
    assert "actions/guard/code.js" not in told


def test_a_handler_that_is_declared_elsewhere_has_its_types_there(home: Home, capsys: Told) -> None:
    for name in ("greet", "guard"):
        home.write(f"actions/{name}/code.js", "function run(event, api) {}\nexports.onExecutePostLogin = run;\n")
    assert home.reconciler("types") == Exit.DONE
    assert "an editor knows nothing" not in capsys.readouterr().err


@pytest.mark.parametrize("broken", ["trigger: [", "trigger: post-logout"])
def test_an_action_that_cannot_be_read_just_now_keeps_what_it_has(typed: Home, capsys: Told, broken: str) -> None:
    before = everything(typed)
    typed.change("actions/greet/action.yaml", "trigger: post-login", broken)
    assert typed.reconciler("types") == Exit.DONE
    told = " ".join(capsys.readouterr().err.split())
    assert "actions/greet: its types stay as they are: action.yaml has mistakes. Run `reconciler validate`." in told
    assert everything(typed) == before
    assert typed.reconciler("types", "greet") == Exit.ERROR
    assert "actions/greet/action.yaml:" in capsys.readouterr().err


def test_code_that_is_built_from_other_sources_is_not_checked(home: Home) -> None:
    home.change("actions/greet/action.yaml", "trigger: post-login", "trigger: post-login\ncode: dist/code.js")
    home.write("actions/greet/dist/code.js", "exports.onExecutePostLogin = (e, a) => {};\n")
    assert home.reconciler("types") == Exit.DONE
    assert '"checkJs": false' in (home.folder / OURS / "tsconfig.json").read_text()
    assert '"checkJs": true' in (home.folder / ".reconciler/types/actions/guard/tsconfig.json").read_text()


def test_state_that_is_kept_elsewhere_changes_nothing_about_the_place_of_types(
    home: Home, store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(store, tmp_path / "state" / "packages", symlinks=True)
    monkeypatch.setenv("RECONCILER_STATE", str(tmp_path / "state"))
    assert home.reconciler("types") == Exit.DONE
    assert (home.folder / OURS / "tsconfig.json").is_file()
    assert home.git("status", "--porcelain", "--untracked-files=all") == ""


def test_it_follows_what_is_saved_and_waits_out_what_is_broken(typed: Home, capsys: Told) -> None:
    yaml = (typed.folder / "actions/greet/action.yaml").read_text()

    async def saved() -> AsyncIterator[frozenset[str]]:
        typed.write("actions/greet/cases.yaml", "[]\n")
        yield frozenset({"actions/greet/cases.yaml"})
        typed.write("actions/greet/action.yaml", "trigger: [")
        yield frozenset({"actions/greet/action.yaml"})
        typed.write("actions/greet/action.yaml", yaml.replace("TOKEN: token", "OTHER: token"))
        yield frozenset({"actions/greet/action.yaml", "notes.txt"})

    settings = replace(process_settings(), start=typed.folder)
    with open_workplace(settings) as place:
        asyncio.run(follow(place, ["greet"], saved()))
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "Editors know 1 action: nothing changed.",
        "Editors know 1 action: 1 file changed.",
    ]
    assert "actions/greet/action.yaml:" in told.err
    assert "readonly OTHER: string;" in (typed.folder / OURS / "index.d.ts").read_text()


def test_it_cannot_follow_and_write_nothing(home: Home) -> None:
    assert home.reconciler("types", "--check", "--watch") == Exit.USAGE
