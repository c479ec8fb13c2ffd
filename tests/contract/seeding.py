"""The state that a recorded tenant had before its recording began, laid into a fresh embedded tenant.

Nobody recorded how that state was made, but the first answers show it: actions and bindings that a recording did not
make itself are written straight into the tables, with their recorded ids and stamps. A trigger table of another year is
read off the recording too: its own list where it has one, and the runtimes it shows. Log entries are laid in before the
call that shows them, since the log of a real tenant grows by itself. Values of secrets were never recorded, so seeded
secrets hold a stand-in.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from reconciler.local.keys import Keys
from reconciler.local.means import ModulesMode
from reconciler.local.stamp import moment
from reconciler.local.state.material import Material, StoredSecret
from reconciler.local.state.rows import ActionRow, BindingRow, VersionRow, replace_bindings, save_action, save_version
from reconciler.local.trigger_table import TriggerTable, TriggerVersion, current_table
from reconciler.local.wire.faults import Fault
from tests.contract.comparing import UUID
from tests.contract.instants import parse_rfc3339
from tests.contract.recorded import ACTIONS, MODULES, TRIGGERS, Interaction, Recording


def seed_state(connection: sqlite3.Connection, recording: Recording, keys: Keys) -> int:
    """Writes the actions and bindings that were there before; how many."""
    actions = _found_actions(recording)
    for shown in actions:
        row, version = _rows(shown, _row_stamp(recording, shown), keys)
        save_action(connection, row)
        if version:
            save_version(connection, version)
    flows = _found_flows(recording)
    for trigger, bindings in flows.items():
        replace_bindings(connection, trigger, [_binding_row(trigger, shown) for shown in bindings])
    return len(actions) + sum(len(bindings) for bindings in flows.values())


def seed_logs(connection: sqlite3.Connection, interaction: Interaction) -> None:
    """Writes the entries that a list of logs is about to show, and as many newer ones as its page skips."""
    known = {row[0] for row in connection.execute("SELECT log_id FROM logs")}
    entries = [entry for entry in interaction.answer if entry["log_id"] not in known]
    for entry in entries:
        connection.execute("INSERT INTO logs (log_id, body) VALUES (?, ?)", (entry["log_id"], json.dumps(entry)))
    per_page, page = int(interaction.query.get("per_page", 50)), int(interaction.query.get("page", 0))
    for place in range(per_page * page):
        filler = {"log_id": f"{'9' * 50}{place:06d}", "type": "filler"}
        connection.execute(
            "INSERT OR IGNORE INTO logs (log_id, body) VALUES (?, ?)", (filler["log_id"], json.dumps(filler))
        )


def year_table(recording: Recording) -> TriggerTable:
    """The trigger table of the tenant that was recorded, as far as the recording shows it."""
    listed = [each for each in recording.objects() if "binding_policy" in each]
    lines = {(line.id, line.version): line for line in map(_line, listed)}
    if not lines:
        lines = {(line.id, line.version): line for line in current_table().versions}
    for trigger, version, runtime, is_default in _shown_runtimes(recording):
        line = lines.get((trigger, version)) or TriggerVersion(trigger, version, True, (), runtime, False)
        runtimes = line.runtimes if runtime in line.runtimes else (*line.runtimes, runtime)
        default = runtime if is_default else line.default_runtime
        lines[trigger, version] = replace(line, runtimes=runtimes, default_runtime=default)
    return TriggerTable(lines.values())


def modules_mode(recording: Recording) -> ModulesMode:
    """Off where the recorded tenant says so. Otherwise early: the recorded modules have names that are refused now."""
    asked = (each for each in recording.interactions if each.path == MODULES)
    return "off" if any(each.status == 403 for each in asked) else "early"


def day_after(recording: Recording) -> datetime:
    """The day after the newest log entry of the recording, since a tenant forgets what is older than 30 days. Where
    it shows none, a day after every recording."""
    newest = max((each["date"] for each in recording.objects() if "log_id" in each), default="2030-12-31T00:00:00Z")
    return moment(parse_rfc3339(newest)) + timedelta(days=1)


def rate_faults(recording: Recording) -> Iterator[Fault]:
    """The calls that met the rate limit of the recorded tenant, as faults: what else used that tenant up is unknown."""
    counts: Counter[str] = Counter()
    for each in recording.interactions:
        route = f"{each.method} {UUID.sub('*', each.path)}"
        counts[route] += 1
        if each.status == 429:
            yield Fault(route=route, do=429, call=counts[route])


def _shown_runtimes(recording: Recording) -> Iterator[tuple[str, str, str, bool]]:
    """Trigger, version and runtime of every action or version shown; True where a create left the runtime out."""
    for interaction in recording.interactions:
        made = interaction.method == "POST" and interaction.path == ACTIONS
        if isinstance(interaction.answer, dict) and "runtime" in interaction.answer:
            trigger = interaction.answer["supported_triggers"][0]
            is_default = made and "runtime" not in interaction.request
            yield trigger["id"], trigger["version"], interaction.answer["runtime"], is_default


def _line(shown: Mapping[str, Any]) -> TriggerVersion:
    return TriggerVersion(
        shown["id"],
        shown["version"],
        shown["status"] == "CURRENT",
        tuple(shown["runtimes"]),
        shown.get("default_runtime", ""),
        shown["binding_policy"] == "entity-bound",
        tuple((each["id"], each["version"]) for each in shown["compatible_triggers"]),
    )


def _found_actions(recording: Recording) -> list[Mapping[str, Any]]:
    """The actions that answers show though no create made them, each as it was shown first."""
    made = {each.answer["id"] for each in recording.interactions if each.method == "POST" and each.path == ACTIONS}
    found: dict[str, Mapping[str, Any]] = {}
    for shown in recording.objects():
        if "all_changes_deployed" in shown and "code" in shown and shown["id"] not in made:
            found.setdefault(shown["id"], shown)
    return list(found.values())


def _found_flows(recording: Recording) -> dict[str, list[Mapping[str, Any]]]:
    """The flows that are shown before the recording writes them."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for interaction in recording.interactions:
        if not interaction.path.startswith(TRIGGERS) or not interaction.path.endswith("/bindings"):
            continue
        trigger = interaction.path.split("/")[-2]
        first = trigger not in found
        if first and interaction.status == 200:
            found[trigger] = interaction.answer["bindings"] if interaction.method == "GET" else []
    return {trigger: bindings for trigger, bindings in found.items() if bindings}


def _rows(shown: Mapping[str, Any], row_stamp: int, keys: Keys) -> tuple[ActionRow, VersionRow | None]:
    live = shown.get("deployed_version")
    row = ActionRow(
        id=shown["id"],
        name=shown["name"],
        created_at=parse_rfc3339(shown["created_at"]),
        updated_at=row_stamp,
        draft_updated_at=parse_rfc3339(shown["updated_at"]),
        status=shown["status"],
        revision=1,
        material=_material(shown, keys),
        live_version=live["id"] if live else None,
        last_number=live["number"] if live else 0,
    )
    if live is None:
        return row, None
    made, written, built = (parse_rfc3339(live[key]) for key in ("created_at", "updated_at", "built_at"))
    return row, VersionRow(
        live["id"], row.id, live["number"], live["status"], made, written, built, 1, _material(live, keys)
    )


def _row_stamp(recording: Recording, shown: Mapping[str, Any]) -> int:
    """The stamp of the action's row, which only versions and bindings show; just before the draft's where none does."""
    for each in recording.objects():
        if each.get("id") == shown["id"] and "all_changes_deployed" in each and "code" not in each:
            stamp = parse_rfc3339(each["updated_at"])
            if stamp <= parse_rfc3339(shown["updated_at"]):
                return stamp
    return parse_rfc3339(shown["updated_at"]) - 1


def _material(shown: Mapping[str, Any], keys: Keys) -> Material:
    trigger = shown["supported_triggers"][0]
    sealed = keys.sealed("never recorded")
    return Material(
        trigger_id=trigger["id"],
        trigger_version=trigger["version"],
        runtime=shown["runtime"],
        code=shown["code"],
        dependencies=tuple(shown["dependencies"]),
        secrets=tuple(
            StoredSecret(each["name"], parse_rfc3339(each["updated_at"]), sealed) for each in shown["secrets"]
        ),
    )


def _binding_row(trigger: str, shown: Mapping[str, Any]) -> BindingRow:
    return BindingRow(
        shown["id"], trigger, shown["action"]["id"], shown.get("display_name", ""), parse_rfc3339(shown["created_at"])
    )
