"""The tables of the embedded tenant, as the scripts that made them, one for each version of the database.

A script that was released is never changed: what comes later is a script of its own at the end.
"""

from __future__ import annotations

_ACTIONS = """
CREATE TABLE actions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  draft_updated_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  revision INTEGER NOT NULL,
  material TEXT NOT NULL,
  packages TEXT,
  live_version TEXT,
  last_number INTEGER NOT NULL
);
CREATE TABLE versions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  action_id TEXT NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  built_at INTEGER,
  revision INTEGER NOT NULL,
  material TEXT NOT NULL,
  packages TEXT,
  UNIQUE (action_id, number)
);
CREATE TABLE bindings (
  id TEXT PRIMARY KEY,
  trigger_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  action_id TEXT NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
  display_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (trigger_id, position)
);
CREATE TABLE executions (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE logs (seq INTEGER PRIMARY KEY, log_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_MODULES = """
CREATE TABLE modules (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  material TEXT NOT NULL,
  latest_version TEXT,
  last_number INTEGER NOT NULL
);
CREATE TABLE module_versions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  module_id TEXT NOT NULL REFERENCES modules (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  material TEXT NOT NULL,
  packages TEXT,
  UNIQUE (module_id, number)
);
"""

_SUSPENSIONS = """
CREATE TABLE suspensions (state TEXT PRIMARY KEY, created_at INTEGER NOT NULL, body TEXT NOT NULL);
"""

_LOGINS = """
CREATE TABLE users (
  user_id TEXT PRIMARY KEY,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  password TEXT NOT NULL,
  declared TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE transactions (
  id TEXT PRIMARY KEY,
  browser TEXT NOT NULL,
  flow TEXT,
  expires_at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
  session_id TEXT NOT NULL,
  revoked INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE TABLE codes (
  token TEXT PRIMARY KEY,
  grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  used INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE refresh_tokens (
  token TEXT PRIMARY KEY,
  grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  used INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE assertions (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);
"""
"""Tokens, cookies and codes are kept as hashes: what is in the database opens nothing."""

SCRIPTS = (_ACTIONS, _MODULES, _SUSPENSIONS, _LOGINS)
