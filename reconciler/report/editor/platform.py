"""Declarations that every action and module shares, whatever its trigger."""

from __future__ import annotations

from reconciler.report.editor.names import GENERATED

PLATFORM = f"""{GENERATED}

interface NoPromise {{
  then?: never;
  call?: never;
}}

/** A value that can be turned into JSON. A promise that was not awaited cannot, nor can a function. */
type JsonValue =
  | string | number | boolean | null | undefined | (object & NoPromise) | (NoPromise & Record<string, any>);

// As of list[0], nobody is asked to say first that a list has something: "a@b".split("@").pop() is a string.
interface Array<T> {{
  pop(): T;
  shift(): T;
  at(index: number): T;
}}

/** What api.cache holds under a key. */
interface CacheRecord {{
  value: string;
  /** Milliseconds since 1970. */
  expires_at: number;
}}

interface CacheWriteSuccess {{
  type: "success";
  record: CacheRecord;
}}

interface CacheWriteError {{
  type: "error";
  code: string;
}}
"""

FETCHED = """
// What a server answers may be anything: Node's own declarations make everybody say so first.
interface Response {
  json(): Promise<any>;
}
"""
"""Goes with Node's own declarations, which have a Response to begin with."""
