"""What the Node releases of the platform have.

Sources: `require("node:module").builtinModules` of Node 18.20.8 and 22.20.0, the last releases of those lines when they
were asked, and those modules that only the prefix `node:` finds; each piece of syntax was compiled by both. Both read
all of ECMAScript 2023.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BOTH = [
    "assert",
    "assert/strict",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "dns/promises",
    "domain",
    "events",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "path/posix",
    "path/win32",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "readline/promises",
    "repl",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "string_decoder",
    "sys",
    "timers",
    "timers/promises",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "util/types",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
    "_http_agent",
    "_http_client",
    "_http_common",
    "_http_incoming",
    "_http_outgoing",
    "_http_server",
    "_stream_duplex",
    "_stream_passthrough",
    "_stream_readable",
    "_stream_transform",
    "_stream_wrap",
    "_stream_writable",
    "_tls_common",
    "_tls_wrap",
]

BUILTINS: Mapping[int, frozenset[str]] = {18: frozenset(_BOTH), 22: frozenset([*_BOTH, "inspector/promises"])}
"""Major version -> the built-in modules that are required with the prefix `node:` or without."""

PREFIXED: Mapping[int, frozenset[str]] = {
    18: frozenset({"test", "test/reporters"}),
    22: frozenset({"test", "test/reporters", "sea", "sqlite"}),
}
"""Major version -> those that are required with the prefix only."""

OUT_OF_REACH: Mapping[str, str] = {
    "child_process": "start other programs",
    "cluster": "start other processes",
    "inspector": "debug itself",
    "inspector/promises": "debug itself",
    "repl": "read from a terminal",
    "sqlite": "open database files",
    "worker_threads": "start threads",
}
"""Modules that are there and of no use -> what an action cannot do: it runs for seconds in a process that is walled in,
with no file to write (limits.md, section 8). The embedded runtime refuses them."""

SYNTAX: Mapping[str, tuple[int, str]] = {
    "regexp-v": (20, "the flag v of a regular expression"),
    "regexp-2025": (23, "this form of a regular expression (ECMAScript 2025)"),
    "using": (24, "`using`"),
}
"""Feature -> the first major version that has it, and what it is called."""


def major(runtime: str) -> int:
    """The major version of the Node that a runtime (`node18`, `node18-actions`) runs on; 0 for an unknown one."""
    named = re.fullmatch(r"node(\d+)(-actions)?", runtime)
    return int(named[1]) if named else 0


def is_builtin(name: str) -> bool:
    """Whether any Node of the platform has a built-in module of that name, written as code requires it."""
    return any(has_builtin(release, name) for release in BUILTINS)


def has_builtin(release: int, name: str) -> bool:
    """Whether that major version has it; a version that is not known is taken to have all."""
    if release not in BUILTINS:
        return True
    plain = name.removeprefix("node:")
    return plain in BUILTINS[release] or (plain != name and plain in PREFIXED[release])
