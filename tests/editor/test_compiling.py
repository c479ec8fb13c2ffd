"""The real compiler on real code: nothing against what is right, the right place of what is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.errors import Exit
from reconciler.report.editor.names import handler_type
from reconciler.templates.shipped import templates
from tests.editor.typescript import TypeScript
from tests.run.conftest import Home

pytestmark = pytest.mark.registry

ROOT = Path(__file__).parent.parent.parent
CORPUS = Path(__file__).parent / "corpus"
EVERYTHING = ("--build", ".reconciler/types")
WRITTEN = {
    "link-on-demand": ("post-login", ("ENFORCE_MFA", "REDIRECT_SECRET")),
    "enrich-everything": ("post-login", ("DOMAIN",)),
    "unannotated": ("post-login", ("REDIS_URL",)),
    "machine-scopes": ("credentials-exchange", ("ALLOW_LIST",)),
    "reset-groups": ("password-reset-post-challenge", ("ALLOWED_GROUP",)),
    "exchange-token": ("custom-token-exchange", ("AUDIENCES",)),
    "lead-after-sign-up": ("post-user-registration", ("CRM_DOMAIN",)),
    "stream-to-crm": ("event-stream", ("KEY",)),
    "send-mail": ("custom-email-provider", ("KEY",)),
}
PACKAGES = {"unannotated": ("ioredis", "auth0"), "exchange-token": ("jose",)}


def write_action(home: Home, name: str, trigger: str, code: str, secrets: tuple[str, ...] = (), more: str = "") -> None:
    """An action of that name, with secrets in clear."""
    values = "".join(f"  {each}: {{value: x}}\n" for each in secrets)
    home.write(f"actions/{name}/code.js", code)
    home.write(
        f"actions/{name}/action.yaml",
        f"name: {name}\ntrigger: {trigger}\n" + (f"secrets:\n{values}" if secrets else "") + more,
    )


def test_code_as_people_write_it_has_nothing_against_it(plain: Home, typescript: TypeScript) -> None:
    assert {path.stem for path in CORPUS.iterdir()} == WRITTEN.keys()
    for name, (trigger, secrets) in WRITTEN.items():
        packages = "".join(f"  {each}: ^1.0.0\n" for each in PACKAGES.get(name, ()))
        more = f"dependencies:\n{packages}" if packages else ""
        write_action(plain, name, trigger, (CORPUS / f"{name}.js").read_text(), secrets, more)
    assert plain.reconciler("types") == Exit.DONE
    assert typescript.compile(plain.folder, *EVERYTHING) == ()


MISTAKES = """\
/** @type {OnExecutePostLogin} */
exports.onExecutePostLogin = async (event, api) => {
  console.log(event.secrets.SLACK_WEBHOOK_UR);
  console.log(event.requests.ip);
  api.access.denied("no");
  api.acces.deny("no");
  api.idToken.setCustomClaim("promise", fetch("https://example.com"));
  api.accessToken.addScope(1);
  api.redirect.encodeToken({ payload: {} });
  api.multifactor.enable("sms");
  if (event.transaction?.protocol === "oidc") return;
  console.log(event.organization.name);
  api.access.deny();
};

/**
 * @param {Event} event - Details about the user and the context in which they are logging in.
 * @param {PostLoginAPI} api - Interface whose methods can be used to change the behavior of the login.
 */
exports.onContinuePostLogin = async (event, api) => {
  console.log(event.secrets.SLACK_WEBHOOK_UR, event.target);
  api.access.denied("no");
};
"""


def test_every_mistake_is_found_where_it_is(plain: Home, typescript: TypeScript) -> None:
    write_action(plain, "bad", "post-login", MISTAKES, ("SLACK_WEBHOOK_URL",))
    assert plain.reconciler("types") == Exit.DONE
    found = typescript.compile(plain.folder, "-p", "actions/bad/jsconfig.json")
    assert {each.file for each in found} == {"actions/bad/code.js"}
    assert [(each.line, each.column) for each in found] == [
        (3, MISTAKES.splitlines()[2].index("SLACK_WEBHOOK_UR") + 1),
        (4, MISTAKES.splitlines()[3].index("requests") + 1),
        (5, MISTAKES.splitlines()[4].index("denied") + 1),
        (6, MISTAKES.splitlines()[5].index("acces") + 1),
        (7, MISTAKES.splitlines()[6].index("fetch") + 1),
        (8, MISTAKES.splitlines()[7].index("1)") + 1),
        (9, MISTAKES.splitlines()[8].index("{ payload") + 1),
        (10, MISTAKES.splitlines()[9].index('"sms"') + 1),
        (11, MISTAKES.splitlines()[10].index("event") + 1),
        (12, MISTAKES.splitlines()[11].index("event") + 1),
        (13, MISTAKES.splitlines()[12].index("deny") + 1),
        (21, MISTAKES.splitlines()[20].index("SLACK_WEBHOOK_UR") + 1),
        (21, MISTAKES.splitlines()[20].index("target") + 1),
        (22, MISTAKES.splitlines()[21].index("denied") + 1),
    ]
    assert found[0].message == (
        "Property 'SLACK_WEBHOOK_UR' does not exist on type 'Secrets'. Did you mean 'SLACK_WEBHOOK_URL'?"
    )


def test_an_api_method_of_another_trigger_is_found(plain: Home, native: TypeScript) -> None:
    code = "/** @type {OnExecutePostUserRegistration} */\n"
    code += 'exports.onExecutePostUserRegistration = async (event, api) => {\n  api.access.deny("too late");\n};\n'
    write_action(plain, "late", "post-user-registration", code)
    assert plain.reconciler("types") == Exit.DONE
    (found,) = native.compile(plain.folder, "-p", "actions/late/jsconfig.json")
    assert (found.line, found.column) == (3, 7)
    assert "'access' does not exist on type 'PostUserRegistrationAPI'" in found.message


def test_the_declarations_of_every_trigger_are_sound_and_fit_its_sample_events(plain: Home, native: TypeScript) -> None:
    for trigger in triggers().values():
        samples = [trigger.sample_event, trigger.every_property, *trigger.sample_variants.values()]
        handlers = "".join(
            f"/** @type {{{handler_type(each)}}} */\nexports.{each} = (event, api) => console.log(event, api);\n"
            for each in trigger.handlers
        )
        checks = "".join(
            f"/** @type {{Event}} */\nconst sample{at} = {json.dumps(each)};\n"
            for at, each in enumerate(samples)
            if each
        )
        write_action(plain, trigger.id, trigger.id, handlers + checks)
    assert plain.reconciler("types") == Exit.DONE
    assert native.compile(plain.folder, *EVERYTHING) == ()
    plain.change(".reconciler/types/actions/post-login/tsconfig.json", '"skipLibCheck": true', '"skipLibCheck": false')
    ours = [
        each
        for each in native.compile(plain.folder, "-p", ".reconciler/types/actions/post-login")
        if "types/" in each.file
    ]
    assert [each for each in ours if "node_modules" not in each.file] == []


def test_the_code_of_packages_without_types_is_not_judged(plain: Home, typescript: TypeScript) -> None:
    code = "const untyped = require('untyped');\n/** @type {OnExecutePostLogin} */\n"
    code += "exports.onExecutePostLogin = async (event, api) => api.access.deny(untyped.anything().at.all);\n"
    write_action(plain, "greet", "post-login", code)
    plain.write("actions/greet/node_modules/untyped/index.js", "/** @type {string} */\nexports.wrong = 1;\nself.x();\n")
    assert plain.reconciler("types") == Exit.DONE
    assert typescript.compile(plain.folder, "-p", "actions/greet/jsconfig.json") == ()
    assert typescript.compile(plain.folder, *EVERYTHING) == ()


def test_a_module_may_be_handed_the_event_and_api_of_those_that_use_it(plain: Home, native: TypeScript) -> None:
    module = "/** @param {Event} event @param {PostLoginAPI} api */\n"
    module += "exports.check = (event, api) => event.secrets.ANY === event.user.email && api.access.deny(1);\n"
    alone = "/** @param {Event} event */\nexports.check = (event) => event.anything;\n"
    for name, code in (("shared", module), ("alone", alone)):
        plain.write(f"modules/{name}/module.yaml", f"name: {name}\n")
        plain.write(f"modules/{name}/code.js", code)
    use = "const { check } = require('actions:shared');\n/** @type {OnExecutePostLogin} */\n"
    use += "exports.onExecutePostLogin = async (event, api) => void check(event, api);\n"
    write_action(plain, "greet", "post-login", use, ("ANY",), "modules: {shared: latest}\n")
    assert plain.reconciler("types") == Exit.DONE
    (found,) = native.compile(plain.folder, "-p", "modules/shared/jsconfig.json")
    assert (found.line, found.column) == (2, module.splitlines()[1].index("1)") + 1)
    assert native.compile(plain.folder, "-p", "modules/alone/jsconfig.json") == ()
    plain.change("modules/shared/code.js", "deny(1)", "deny('1')")
    assert native.compile(plain.folder, *EVERYTHING) == ()


def test_every_template_is_clean(plain: Home, native: TypeScript) -> None:
    for template in templates().values():
        for name, text in template.files.items():
            plain.write(f"actions/{template.name}/{name}", text)
    assert plain.reconciler("types") == Exit.DONE
    assert native.compile(plain.folder, *EVERYTHING) == ()


def test_the_example_repository_is_clean_and_completes_its_packages(
    tmp_path: Path, packages: Path, typescript: TypeScript
) -> None:
    shutil.copytree(ROOT / "example-repo", tmp_path / "home", ignore=shutil.ignore_patterns(".reconciler", "*.d.ts"))
    home = Home(tmp_path / "home")
    home.git("init", "-q", "-b", "main")
    home.commit()
    (home.folder / ".reconciler").mkdir()
    (home.folder / ".reconciler" / "packages").symlink_to(packages)
    assert home.reconciler("types") == Exit.DONE
    assert home.git("status", "--porcelain", "--untracked-files=all") == ""
    assert typescript.compile(home.folder, *EVERYTHING) == ()
    home.change("actions/notify-slack/code.js", "webhook.send({ text:", "webhook.send({ txt:")
    home.change("actions/notify-slack/code.js", "event.secrets.SLACK_WEBHOOK_URL", "event.secrets.SLACK_WEBHOK_URL")
    found = typescript.compile(home.folder, "-p", "actions/notify-slack/jsconfig.json")
    assert [("SLACK_WEBHOK_URL" in each.message, "'txt' does not exist" in each.message) for each in found] == [
        (True, False),
        (False, True),
    ]
