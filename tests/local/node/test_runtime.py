"""What code sees and what is told of it when it runs on the Node host."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.errors import RuntimeProblem
from reconciler.local.node.runtime import NodeHost
from reconciler.model.execution import Call
from tests.local.actions import action, all_ran, host, job, ran, thrown


def test_calls_on_api_are_recorded_in_order_with_their_arguments() -> None:
    execution = ran('api.idToken.setCustomClaim("roles", ["a"]).user.setAppMetadata("n", {deep: {x: 1}});')
    assert execution.error is None
    assert execution.calls == (
        Call(method="idToken.setCustomClaim", args=("roles", ["a"])),
        Call(method="user.setAppMetadata", args=("n", {"deep": {"x": 1}})),
    )


@pytest.mark.parametrize(
    ("argument", "recorded"),
    [
        ("12n", "12n"),
        ("() => 1", "[Function: anonymous]"),
        ("Symbol('s')", "Symbol(s)"),
        ("NaN", "NaN"),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Map([[1, 2]])", "Map(1) { 1 => 2 }"),
        ("new Error('no')", "Error: no"),
        ("(() => { const a = {}; a.self = a; return a })()", {"self": "[Circular]"}),
        ("[undefined, null]", [None, None]),
        ("{ get bad() { throw 1 } }", "[Unreadable]"),
        ("{ left: undefined, kept: 1 }", {"kept": 1}),
    ],
)
def test_arguments_that_json_cannot_say_are_told_as_what_they_are(argument: str, recorded: Any) -> None:
    execution = ran(f"api.idToken.setCustomClaim('x', {argument}, undefined);")
    assert execution.calls == (Call(method="idToken.setCustomClaim", args=("x", recorded)),)


def test_arguments_are_recorded_as_they_were_when_the_call_was_made() -> None:
    execution = ran("const a = {n: 1}; api.idToken.setCustomClaim('x', a); a.n = 2;")
    assert execution.calls[0].args == ("x", {"n": 1})


def test_access_deny_does_not_stop_the_handler() -> None:
    execution = ran('api.access.deny("no"); console.log("still here");')
    assert (execution.denied, execution.console, execution.error) == ("no", ("still here",), None)


EVERY_METHOD = """
exports.go = async (event, api) => {
  for (const name of event.names) {
    const [group, method] = name.split(".");
    try {
      await api[group][method]();
    } catch (error) {
      if (error instanceof TypeError && error.message.includes("is not a method")) throw error;
    }
  }
};
"""


def test_every_trigger_has_the_methods_of_the_catalogue() -> None:
    all_names = [[method.name for method in facts.methods] for facts in triggers().values()]
    jobs = [
        job("", code=EVERY_METHOD, handler="go", trigger=trigger, event={"names": names})
        for trigger, names in zip(triggers(), all_names, strict=True)
    ]
    ended = all_ran(*jobs)
    assert [execution.error for execution in ended] == [None] * len(jobs)


@pytest.mark.parametrize("call", ["user.setFoo", "nothing.at.all", "accessTokens.setCustomClaim"])
def test_a_method_that_the_trigger_lacks_is_named_with_the_trigger(call: str) -> None:
    error = thrown(ran(f"api.{call}('x');"))
    assert error.name == "TypeError"
    assert error.message == f"api.{call} is not a method of the post-login trigger"
    assert (error.line, error.name) == (2, "TypeError")


def test_the_methods_that_answer_give_what_an_embedded_tenant_can_know() -> None:
    execution = ran(
        "console.log(api.redirect.canRedirect(), api.rules.wasExecuted('r'), api.cache.get('k'));"
        "console.log(await api.roles.getUserEffectiveRoles(), await api.groups.getUserGroups());"
    )
    assert execution.console == ("true false undefined", "{ roles: [] } { groups: [] }")
    assert len(execution.calls) == 5


def test_redirect_tokens_come_back_and_forged_ones_are_refused() -> None:
    made = "const token = api.redirect.encodeToken({secret: 's', payload: {state: 'st', n: 1}});"
    back = "event.request.query = {session_token: token, state: 'st'};"
    good = f"{made}{back} console.log(api.redirect.validateToken({{secret: 's'}}).n);"
    forged = f"{made}{back} api.redirect.validateToken({{secret: 'other'}});"
    stale = good.replace("payload:", "expiresInSeconds: -1, payload:")
    other_state = good.replace("{state: 'st'", "{state: 'other'")
    ended = all_ran(job(good), job(forged), job(stale), job(other_state))
    assert ended[0].console == ("1",)
    assert [thrown(execution).message.partition("its ")[2].split()[0] for execution in ended[1:]] == [
        "signature",
        "time",
        "state",
    ]


def test_the_cache_keeps_strings_between_runs_of_one_trigger_and_keeps_the_limits() -> None:
    keep = "console.log(JSON.stringify(api.cache.set('k', 'v', {ttl: 60000}).type));"
    read = "console.log(api.cache.get('k')?.value);"
    limits = (
        "const code = (key, value, more) => api.cache.set(key, value, more).code;"
        "console.log(code('k'.repeat(65), 'v'), code('k', 'v'.repeat(4001)), code('k', 'v', {expires_at: 1}));"
        "for (const key of ['a', 'b']) api.cache.set(key, 'v'.repeat(3900)); console.log(code('c', 'v'.repeat(300)));"
        "console.log(code('n', 7), api.cache.delete('a').type, api.cache.delete('a').code);"
    )
    ended = all_ran(
        job(keep), job(read), job(read, fresh=True), job(read, trigger="pre-user-registration"), job(limits)
    )
    assert [execution.console for execution in ended[:4]] == [('"success"',), ("v",), ("undefined",), ("undefined",)]
    assert ended[4].console == (
        "CacheKeySizeExceeded CacheValueSizeExceeded ItemAlreadyExpired",
        "CacheSizeExceeded",
        "FailedToSetCacheRecord success CacheKeyDoesNotExist",
    )


def test_output_is_kept_in_order_as_node_prints_it() -> None:
    execution = ran(
        "console.log('%s is %d', 'x', 1, {a: [1, {b: 2}]}); console.group('g'); console.error('in'); "
        "console.groupEnd(); console.table([{a: 1}]); setTimeout(() => console.warn('later'), 5); "
        "await new Promise(r => setTimeout(r, 20)); require('node:console').info('same'); "
        "process.stdout.write('raw\\n');"
    )
    assert execution.console[:3] == ("x is 1 { a: [ 1, { b: 2 } ] }", "g", "  in")
    assert execution.console[-3:] == ("later", "same", "raw")


def test_output_belongs_to_the_run_that_printed_it() -> None:
    async def run() -> None:
        async with host() as running:
            body = (
                "await new Promise(r => setTimeout(r, 5 * event.n)); console.log(event.n);"
                "await null; console.log(-event.n)"
            )
            ended = await asyncio.gather(*(running.run(job(body, event={"n": n})) for n in range(1, 5)))
        assert [execution.console for execution in ended] == [(str(n), str(-n)) for n in range(1, 5)]

    asyncio.run(run())


def test_output_without_end_is_cut_and_the_run_goes_on() -> None:
    execution = ran("for (let i = 0; i < 2000; i++) console.log('x'.repeat(100)); api.access.deny('done')")
    assert execution.console[-1] == "(output beyond 100000 characters is left out)"
    assert len(execution.console) == 1001
    assert execution.denied == "done"


def test_the_event_is_whole_and_a_change_to_it_is_seen_by_nobody_else() -> None:
    body = "console.log(event.user.email, event.secrets.TOKEN); event.user.email = 'eve'; event.secrets.TOKEN = '-';"
    one = job(body, secrets={"TOKEN": "abc"})
    assert [execution.console for execution in all_ran(one, one)] == [("ada@example.com abc",)] * 2


def test_real_secrets_are_taken_out_of_all_that_is_told() -> None:
    body = (
        "const s = event.secrets.TOKEN; console.log('with ' + s, {s}); api.idToken.setCustomClaim('x', {[s]: s});"
        "throw new Error('cannot reach https://h/' + s);"
    )
    execution = ran(body, secrets={"TOKEN": "hush-hush-123"})
    assert "hush-hush" not in repr(execution)
    assert execution.console == ("with [secret TOKEN] { s: '[secret TOKEN]' }",)
    assert thrown(execution).message == "cannot reach https://h/[secret TOKEN]"
    assert "hush-hush" not in repr(job(body, secrets={"TOKEN": "hush-hush-123"}))


def test_module_state_is_kept_per_key_and_made_anew_for_a_fresh_run() -> None:
    code = "let n = 0;\n" + action("console.log(++n)")
    warm, fresh, other = job("", code=code), job("", code=code, fresh=True), job("", code=code, key="other")
    changed = job("", code=code.replace("++n", "`${++n}!`"), key=warm.key)
    ended = all_ran(warm, warm, fresh, warm, other, changed)
    assert [execution.console[0] for execution in ended] == ["1", "2", "1", "3", "1", "1!"]


def test_code_runs_as_plain_commonjs() -> None:
    code = (
        "module.exports = { onExecutePostLogin() { console.log("
        "typeof require, typeof module, __filename.endsWith('code.js'),"
        " event_is_array([]), require('node:path').join('a', 'b'), this === module.exports) } };\n"
        "const event_is_array = (x) => x instanceof Array;"
    )
    assert ran("", code=code).console == ("function object true true a/b true",)


@pytest.mark.parametrize(
    ("body", "name", "message", "place"),
    [
        ("\n  throw new RangeError('far')", "RangeError", "far", (3, 9)),
        ("null.x", "TypeError", "Cannot read properties of null (reading 'x')", (2, 6)),
        ("let a = ;", "SyntaxError", "Unexpected token ';'", (2, 9)),
        ("throw 'plain'", "Thrown", "plain", (0, 0)),
        ("throw {code: 7}", "Thrown", "{ code: 7 }", (0, 0)),
        ("throw undefined", "Thrown", "undefined", (0, 0)),
        ("JSON.parse('{')", "SyntaxError", "Expected property name", (2, 6)),
        (
            "require('nope')",
            "Error",
            "Cannot find module 'nope'; it is not among the dependencies of the action.",
            (2, 1),
        ),
        ("require('./other')", "Error", "Cannot find module './other'; an action is one file", (2, 1)),
        ("await import('nope')", "Error", "Cannot find package 'nope' imported from code.js", (2, 1)),
        ("setTimeout(() => { throw new Error('late') }); await new Promise(() => {})", "Error", "late", (2, 26)),
        ("(async () => { throw new Error('floating') })()", "Error", "floating", (2, 22)),
        ("await fetch('http://127.0.0.1:1')", "TypeError", "fetch failed (cause: bad port)", (2, 1)),
    ],
)
def test_an_error_is_told_with_its_place_in_the_code(
    body: str, name: str, message: str, place: tuple[int, int]
) -> None:
    error = thrown(ran(body))
    assert (error.name, error.line, error.column) == (name, *place)
    assert error.message.startswith(message)
    assert "/reconciler/" not in error.stack and "node:internal" not in error.stack


def test_an_error_while_the_code_is_loaded_is_told_each_time() -> None:
    one = job("", code="const a = 1;\nthrow new Error('top');")
    assert [(thrown(execution).message, thrown(execution).line) for execution in all_ran(one, one)] == [("top", 2)] * 2


def test_a_missing_handler_is_told_with_what_there_is() -> None:
    error = thrown(ran("", code="exports.onExecutePostlogin = () => {};"))
    assert error.name == "HandlerMissing"
    assert error.message == "code.js does not export onExecutePostLogin; it exports onExecutePostlogin."


def test_a_node_that_cannot_be_started_is_a_clear_error(tmp_path: Path) -> None:
    async def run() -> None:
        async with NodeHost(tmp_path / "node") as running:
            await running.run(job(""))

    with pytest.raises(RuntimeProblem, match="Node does not start: No such file or directory"):
        asyncio.run(run())


def test_packages_are_found_in_the_folder_of_the_job_only(tmp_path: Path) -> None:
    for folder, name in (("one", "mine"), ("two", "theirs"), (".", "above")):
        package = tmp_path / folder / "node_modules" / name
        package.mkdir(parents=True)
        (package / "index.js").write_text(f"module.exports = '{name}'; require.x = 1;")
    lost = tmp_path / "one" / "node_modules" / "needy"
    lost.mkdir()
    (lost / "index.js").write_text("require('peer')")
    packages = tmp_path / "one"
    bodies = ["console.log(require('mine'))", "require('theirs')", "require('above')", "require('needy')"]
    ended = all_ran(*(job(body, packages=packages) for body in bodies))
    assert ended[0].console == ("mine",)
    messages = [thrown(execution).message for execution in ended[1:]]
    assert messages[0] == "Cannot find module 'theirs'; it is not among the dependencies of the action."
    assert messages[1] == "Cannot find module 'above'; it is not among the dependencies of the action."
    assert messages[2] == "Cannot find module 'peer'\nRequire stack:\n- node_modules/needy/index.js\n- code.js"
