"""What an editor offers and shows, asked of TypeScript's own server."""

from __future__ import annotations

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.errors import Exit
from tests.editor.language_server import speaking
from tests.editor.test_compiling import EVERYTHING, write_action
from tests.editor.tsserver import serving
from tests.editor.typescript import TypeScript
from tests.run.conftest import Home

pytestmark = pytest.mark.registry

CODE = """\
const shared = require("actions:shared");

/** @type {OnExecutePostLogin} */
exports.onExecutePostLogin = async (event, api) => {
  event.secrets.TOKEN;
  api.access.deny("no");
  event.user.email;
  shared.greeting("ada").length;
  event.bogus;
};

/** @param {Event} event @param {PostLoginAPI} api */
exports.onContinuePostLogin = async (event, api) => {
  event.secrets.TOKEN;
};
"""
MODULE = """\
/** Greets somebody. @param {string} name */
exports.greeting = (name) => `${actions.secrets.HELLO}, ${name}`;
exports.limit = 3;
"""


@pytest.fixture
def typed(plain: Home) -> Home:
    """A repository with two actions and a module that one of them uses, which editors know."""
    write_action(plain, "greet", "post-login", CODE, ("TOKEN", "LEVEL"), "modules: {shared: latest}\n")
    write_action(plain, "other", "credentials-exchange", "", ("OTHER",))
    plain.write("modules/shared/module.yaml", "name: shared\nsecrets:\n  HELLO: {value: hi}\n")
    plain.write("modules/shared/code.js", MODULE)
    assert plain.reconciler("types") == Exit.DONE
    return plain


def test_an_editor_offers_exactly_what_there_is(typed: Home, classic: TypeScript) -> None:
    facts = triggers()["post-login"]
    code, module = typed.folder / "actions/greet/code.js", typed.folder / "modules/shared/code.js"
    assert [each.file for each in classic.compile(typed.folder, *EVERYTHING)] == ["actions/greet/code.js"]
    with serving(classic.package) as server:
        server.open(code)
        assert server.project(code) == str(typed.folder / "actions/greet/jsconfig.json")
        assert server.completions(code, 5, 17) == {"TOKEN", "LEVEL"}
        assert server.completions(code, 14, 17) == {"TOKEN", "LEVEL"}
        assert server.completions(code, 6, 7) == {method.name.partition(".")[0] for method in facts.methods}
        assert server.completions(code, 6, 14) == {"deny"}
        assert server.completions(code, 7, 9) == {path for path in facts.event if "." not in path}
        assert server.completions(code, 8, 10) == {"greeting", "limit"}
        assert server.definition(code, 8, 11) == [str(module)]
        deny = server.hover(code, 6, 15)
        assert deny.startswith("(method) PostLogin.AccessApi.deny(reason: string): PostLoginAPI\nRefuses the login")
        assert server.hover(code, 5, 18) == "(property) Secrets.TOKEN: string\nStands in the YAML in clear."
        assert "Mail address" in server.hover(code, 7, 15)
        assert "Greets somebody" in server.hover(code, 8, 12)
        assert [(line, column) for line, column, _ in server.mistakes(code)] == [(9, 9)]
        server.open(module)
        assert server.completions(module, 2, MODULE.splitlines()[1].index("HELLO") + 1) == {"HELLO"}
        assert server.mistakes(module) == []


def test_an_editor_with_the_native_compiler_offers_the_same(typed: Home, native: TypeScript) -> None:
    facts = triggers()["post-login"]
    code, module = typed.folder / "actions/greet/code.js", typed.folder / "modules/shared/code.js"
    with speaking(native.package) as server:
        server.begin(typed.folder)
        server.open(code)
        assert server.completions(code, 5, 17) == {"TOKEN", "LEVEL"}
        assert server.completions(code, 14, 17) == {"TOKEN", "LEVEL"}
        assert server.completions(code, 6, 7) == {method.name.partition(".")[0] for method in facts.methods}
        assert server.completions(code, 7, 9) == {path for path in facts.event if "." not in path}
        assert server.completions(code, 8, 10) == {"greeting", "limit"}
        assert "Refuses the login" in server.hover(code, 6, 15)
        server.open(module)
        assert server.completions(module, 2, MODULE.splitlines()[1].index("HELLO") + 1) == {"HELLO"}
