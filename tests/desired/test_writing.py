"""What is written is read back as the same nouns, and what people wrote around it stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.load import load_repository
from reconciler.desired.located_yaml import parse
from reconciler.desired.lock import render_lock
from reconciler.desired.state import desired_of
from reconciler.desired.writing.files import write_all
from reconciler.desired.writing.overlay import Overlay
from reconciler.desired.writing.rendering import (
    Files,
    render_action,
    render_flow,
    render_module,
    render_root,
    render_tenant,
)
from reconciler.desired.writing.yaml_text import edited, inline, rearrange, remove, render_document
from reconciler.engine import normalize
from reconciler.engine.naming import folders_of
from reconciler.errors import Usage
from reconciler.model.action import Action, Dependency, ModuleUse, Secret, Trigger
from reconciler.model.flow import Binding, Flow
from reconciler.model.lock import LockedSet
from reconciler.model.module import Module
from reconciler.model.tenant import Desired
from reconciler.run.lock import lock_of

CODE = "exports.onExecutePostLogin = async () => {};\n"
printed = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
AWKWARD = (
    *("yes", "null", "~", "1e5", "0x1f", "2026-01-01", "true", "1_000", "0o7", ".inf", "<<", "=", "-", "?", ": ", ","),
    *(
        "?0",
        ":0",
        "-0",
        "a:?",
        "a?b",
        "a:b",
        "? a",
        "#",
        "a #b",
        "- a",
        "a: b",
        " a ",
        "'",
        '"',
        "@x",
        "!t",
        "&a",
        "*a",
        "%",
        "|",
        ">",
        "{",
        "]",
    ),
    *("\u2028", "\x85", "\ufeff", "😀", "\t", "a\n b\n\nc "),
)
awkward = st.sampled_from(AWKWARD)
secret_names = st.lists(st.sampled_from(["TOKEN", "yes", "1.0", "null", "a b"]), unique=True, max_size=3)
packages = st.dictionaries(
    st.sampled_from(["axios", "@slack/webhook", "ms"]), st.sampled_from(["1.0.0", "2.10.3", "1.0.0-rc.1+b"]), max_size=2
)


@st.composite
def desireds(draw: st.DrawFn) -> Desired:
    """Actions of any name, modules, and a flow over some of them."""
    names = draw(st.lists(printed | awkward.filter(str.isprintable), unique=True, max_size=4))
    folders = folders_of(names)
    modules = tuple(_module(draw, name) for name in draw(st.sampled_from([[], ["auth-helper"], ["a", "b"]])))
    actions = tuple(_action(draw, name, folders[name], modules) for name in sorted(names))
    places = st.builds(Binding, action=st.sampled_from(names or [""]), display_name=st.just("") | printed)
    bindings = draw(st.lists(places, min_size=1, max_size=5)) if names else []
    flows = (Flow(trigger="post-login", bindings=tuple(bindings), path="flows/post-login.yaml"),) if bindings else ()
    return Desired(repo="acme", tenant="local", actions=actions, modules=modules, flows=flows)


def _action(draw: st.DrawFn, name: str, folder: str, modules: tuple[Module, ...]) -> Action:
    uses = [ModuleUse(name=module.name, number=draw(st.integers(1, 9))) for module in modules if draw(st.booleans())]
    content = normalize.content(
        trigger=Trigger(id="post-login", version="v3"),
        runtime=draw(st.sampled_from(["node22", "node18-actions"])),
        code=CODE + draw(st.sampled_from(["", "// ü\u2028 😀\n", "/* `\r\n */"])),
        dependencies=[Dependency(name=name, version=version) for name, version in draw(packages).items()],
        modules=uses,
    )
    return Action(name=name, path=f"actions/{folder}", content=content, secrets=_kept(draw(secret_names)))


def _module(draw: st.DrawFn, name: str) -> Module:
    content = normalize.module_content(code="exports.a = 1;\n", dependencies=normalize.pinned(draw(packages)))
    return Module(name=name, path=f"modules/{name}", content=content, secrets=_kept(draw(secret_names)))


def _kept(names: list[str]) -> tuple[Secret, ...]:
    return tuple(Secret(name=name, kind="keep") for name in sorted(names))


def written(desired: Desired) -> Files:
    """All files of a repository, its lock with the exact versions that its files name."""
    files: Files = render_root(desired.repo) | render_tenant(desired.tenant)
    for action in desired.actions:
        files |= render_action(action)
    for module in desired.modules:
        files |= render_module(module)
    for flow in desired.flows:
        files |= render_flow(flow)
    documents = load_repository(Overlay(Nothing(), files))
    exact = {owner: LockedSet(ranges=wanted, versions=wanted) for owner, wanted in documents.ranges().items() if wanted}
    return files | {"reconciler.lock": render_lock(lock_of(documents, exact)).encode()}


class Nothing:
    """A tree without files."""

    label, commit, folder = "nothing", "", Path()
    paths: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def load(self, path: str) -> bytes:
        raise AssertionError(path)


@given(desireds())
def test_what_is_written_is_read_back_as_it_was(desired: Desired) -> None:
    documents = load_repository(Overlay(Nothing(), written(desired)))
    assert desired_of(documents, "local", sops=None).desired == desired


@given(st.dictionaries(words | awkward, words | awkward, max_size=5))
def test_any_text_is_read_back_as_it_was_written(value: Mapping[str, str]) -> None:
    from_text = parse(render_document(value, "x.json").encode(), "x.yaml")
    assert from_text.diagnostics == ()
    assert from_text.value == (value or None) or (not value and from_text.value == {})


@given(st.text("?:-a 0,#[{\"'", max_size=6) | words | awkward)
def test_any_text_between_braces_is_read_back_as_it_was_written(value: str) -> None:
    found = parse(render_document({"bindings": [inline({"action": value})]}, "x.json").encode(), "x.yaml")
    assert found.value == {"bindings": [{"action": value}]}


FILE = """\
# yaml-language-server: $schema=../../schemas/action.schema.json
# The first action we ever had.
name: greet  # as it is called
trigger: 'post-login'

dependencies:
  # pinned by the security team
  axios: ^1.6.0
  ms: "2.1.3"   # for durations

secrets:
  # asked of finance each year
  TOKEN: token
  # not secret
  LEVEL: {value: info}
  OLD: old  # to be removed

# who to ask
owner: identity-team
"""


def test_an_edit_changes_its_lines_only() -> None:
    def change(document: Any) -> None:
        document["dependencies"]["axios"] = "1.7.2"
        document["secrets"]["NEW"] = inline({"keep": True})

    before, after = FILE.splitlines(), edited(FILE, change).splitlines()
    assert [line for line in after if line not in before] == ["  axios: 1.7.2", "  NEW: {keep: true}"]
    assert [line for line in before if line not in after] == ["  axios: ^1.6.0"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [(("secrets", "TOKEN"), "# not secret"), (("secrets", "OLD"), "# who to ask"), (("secrets",), "# who to ask")],
)
def test_what_is_removed_takes_only_its_own_comment_along(path: tuple[str, ...], kept: str) -> None:
    def change(document: Any) -> None:
        for name in path[:-1]:
            document = document[name]
        remove(document, path[-1])

    after = edited(FILE, change)
    assert path[-1] not in after
    assert kept in after
    assert "# pinned by the security team" in after


@pytest.mark.parametrize(
    "text",
    [FILE, "a:\n- b\n- c: 1\n", "a:\n    b:\n      - c\n", "bindings: [a, {action: b}] # both\n", "a: >-\n  x y\n"],
)
def test_an_edit_of_nothing_changes_nothing(text: str) -> None:
    assert edited(text, lambda _: None) == text


def test_a_list_in_a_new_order_keeps_the_form_of_its_items() -> None:
    text = 'bindings:\n  - guard\n  - {action: greet, display_name: "Say hello"}  # asked by sales\n  - gone\n'
    wanted = [inline({"action": "greet", "display_name": "Say hello"}), "new", "guard"]
    assert edited(text, lambda document: rearrange(document["bindings"], wanted)) == (
        'bindings:\n  - {action: greet, display_name: "Say hello"}  # asked by sales\n  - new\n  - guard\n'
    )


COMMENTED = (
    "trigger: post-login  # t\nbindings:   # in order\n    # never move it\n    - guard  # g\n    # asked by sales\n"
    "    - greet  # gr\n# last\nunmanaged: keep\n"
)


@pytest.mark.parametrize("text", [COMMENTED, COMMENTED.replace("    ", ""), COMMENTED.replace("\n", "\r\n")])
def test_a_list_keeps_its_comments_and_its_indentation(text: str) -> None:
    turned = edited(text, lambda document: rearrange(document["bindings"], ["greet", "guard"]))
    lines = [line for line in text.split("\n") if "guard" not in line]
    at = next(place for place, line in enumerate(lines) if "greet" in line)
    lines.insert(at + 1, next(line for line in text.split("\n") if "guard" in line))
    assert turned.split("\n") == lines


@pytest.mark.parametrize("text", [COMMENTED, "bindings:\n- a\n# last\nunmanaged: keep\n", "bindings: [a]  # last\n"])
def test_an_emptied_list_is_still_read_and_keeps_the_comments_around_it(text: str) -> None:
    made = edited(text, lambda document: rearrange(document["bindings"], []))
    found = parse(made.encode(), "x.yaml")
    assert found.diagnostics == () and isinstance(found.value, dict) and found.value["bindings"] == []
    assert "# last" in made


def test_several_files_are_written_and_removed_together(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a").write_bytes(b"1")
    write_all(tmp_path, {"new/deep/b": b"2", "old/a": None})
    assert _files(tmp_path) == {"new/deep/b": b"2"}
    assert not (tmp_path / "old").exists()


def test_a_write_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"1")
    (tmp_path / "gone").write_bytes(b"2")
    (tmp_path / "in-the-way").mkdir()
    changes = {"kept": b"new", "gone": None, "some/where/new": b"3", "in-the-way": b"a folder has this name"}
    with pytest.raises(OSError, match="in-the-way"):
        write_all(tmp_path, changes)
    assert _files(tmp_path) == {"kept": b"1", "gone": b"2"}
    assert not (tmp_path / "some").exists()


def test_nothing_is_written_through_a_link_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here/actions").symlink_to("../elsewhere")
    with pytest.raises(Usage, match=r"actions/x/code\.js is not in"):
        write_all(tmp_path / "here", {"first": b"1", "actions/x/code.js": b"2"})
    assert _files(tmp_path) == {}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
