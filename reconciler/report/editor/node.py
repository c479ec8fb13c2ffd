"""What Node gives to code: its own declarations where they are installed, and the little that is needed where not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from reconciler.report.editor.names import GENERATED
from reconciler.report.editor.platform import FETCHED

VERSIONS = {16: "16.18.126", 18: "18.19.130", 20: "20.19.43", 22: "22.20.5"}
"""The newest `@types/node` of each major version of Node."""

LIBRARIES = {16: "es2021", 18: "es2022", 20: "es2023", 22: "es2024"}
"""What of ECMAScript each has. The DOM is not among it: there, `Event` is what happens to a button."""

LEFT_OUT = frozenset({"dom-events.d.ts", "web-globals/events.d.ts"})
"""Where Node declares a global `Event` of its own, which would make one type with the event of an action."""

_REFERENCE = re.compile(r'^/// <reference path="([^"]+)" />', re.MULTILINE)

EVENTS = """
interface EventTarget {
  addEventListener(type: string, listener: (event: any) => void, options?: any): void;
  removeEventListener(type: string, listener: (event: any) => void, options?: any): void;
  dispatchEvent(event: any): boolean;
}
declare var EventTarget: { prototype: EventTarget; new (): EventTarget };
declare var Event: { new (type: string, init?: any): any };
"""

WITHOUT_TYPES = f"""{GENERATED}
// @types/node is not installed: what code uses most is here, without its details.

declare var global: any;
declare var process: any;
declare var console: {{ [method: string]: (...what: any[]) => void }};
declare var require: {{ (id: string): any; [key: string]: any }};
declare var module: any;
declare var exports: any;
declare var Buffer: any;
declare var URL: any;
declare var URLSearchParams: any;
declare var TextEncoder: any;
declare var TextDecoder: any;
declare var AbortController: any;
declare var AbortSignal: any;
declare var FormData: any;
declare var Headers: any;
declare var Request: any;
declare var Response: any;
declare var crypto: any;
declare var performance: any;
declare function fetch(input: any, init?: any): Promise<any>;
declare function structuredClone<T>(value: T, options?: any): T;
declare function atob(data: string): string;
declare function btoa(data: string): string;
declare function setTimeout(callback: (...args: any[]) => void, ms?: number, ...args: any[]): any;
declare function clearTimeout(id: any): void;
declare function setInterval(callback: (...args: any[]) => void, ms?: number, ...args: any[]): any;
declare function clearInterval(id: any): void;
declare function setImmediate(callback: (...args: any[]) => void, ...args: any[]): any;
declare function queueMicrotask(callback: () => void): void;

declare module "node:*";
"""

BUILT_IN = (
    "assert", "async_hooks", "buffer", "console", "constants", "crypto", "dns", "dns/promises", "events", "fs",
    "fs/promises", "http", "http2", "https", "module", "net", "os", "path", "perf_hooks", "process", "punycode",
    "querystring", "stream", "stream/promises", "stream/web", "string_decoder", "timers", "timers/promises", "tls",
    "url", "util", "v8", "vm", "worker_threads", "zlib",
)  # fmt: skip


def nearest(major: int) -> int:
    """The major version whose declarations are used for a Node: its own, or the next older that there are."""
    return max((each for each in VERSIONS if each <= major), default=min(VERSIONS))


def render_node(index: str, folder: str) -> str:
    """Node's declarations without its global `Event`. `index` is the text of index.d.ts in `@types/node`, `folder`
    where that is, as seen from the file that this becomes."""
    paths = [path for path in _REFERENCE.findall(index) if path not in LEFT_OUT]
    lines = "".join(f'/// <reference path="{folder}/{path}" />\n' for path in paths)
    return f"{GENERATED}\n{lines}{EVENTS}{FETCHED}"


def render_without_types() -> str:
    """The little that code is checked with where Node's own declarations are not installed."""
    return WITHOUT_TYPES + render_untyped(BUILT_IN)


def render_untyped(names: Iterable[str]) -> str:
    """Modules that exist and of which nothing more is known."""
    return "".join(f"declare module {json.dumps(name)};\n" for name in names)
