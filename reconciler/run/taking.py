"""Carries out an adoption in memory: each subject of it, from the tenant into the files."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from reconciler.desired.state import Loaded
from reconciler.desired.writing.adopting import Taker
from reconciler.desired.writing.edits import Edits
from reconciler.engine import modules
from reconciler.engine.adopting import Subjects
from reconciler.engine.diff import is_value_of_git
from reconciler.engine.inventory import action_of, flow_of, module_of, why_not
from reconciler.engine.naming import folders_of
from reconciler.model.action import Dependency
from reconciler.model.imported import Remark
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Live, LiveAction


class Taking:
    """Takes the subjects of an adoption into `edits`; `left` tells what could not be, `versions` the exact packages of
    what was taken, by the lock's owners."""

    def __init__(self, loaded: Loaded, live: Live, about: Subjects, edits: Edits) -> None:
        self.subjects = about
        self.edits = edits
        self.left: list[Remark] = []
        self.versions: dict[str, dict[str, str]] = {}
        self._live = live
        self._desired = loaded.desired
        self._taker = Taker(loaded.documents, loaded.desired.tenant, edits)
        self._known = {one.document.name: one for one in loaded.documents.actions}
        self._known_modules = {one.document.name: one for one in loaded.documents.modules}
        self._taken: set[str] = set()

    def take(self) -> None:
        """All of them: modules, actions, secrets, what is missing, flows."""
        about = self.subjects
        for name in sorted(about.modules | about.module_drafts | {module for module, _ in about.module_secrets}):
            self._module(name)
        for name in sorted(about.actions | about.drafts | (about.bound - self._known.keys())):
            self._action(name)
        for name in sorted((about.actions | {action for action, _ in about.secrets}) & self._known.keys()):
            self._secrets(name)
        for name in sorted(about.missing_actions):
            self._taker.without_action(name)
        for name in sorted(about.missing_modules):
            self._taker.without_module(name)
        for trigger in sorted(about.flows):
            self._flow(trigger)

    def _action(self, name: str) -> None:
        live = self._live.action(name)
        why = self._why_not(live)
        if why or live is None:
            self.left.append(Remark(kind="action", name=name, why=why))
            return
        action = action_of(live, self._folder(name))
        if name in self.subjects.drafts:
            action = action.model_copy(update={"content": live.draft.content})
        self._taker.action(action, self._numbers(name))
        self.versions[name] = _versions(action.content.dependencies)
        self._taken.add(name)

    def _why_not(self, live: LiveAction | None) -> str:
        if live is None:
            return "it is a marketplace action: it has no code of its own to keep in git."
        known = self._known.get(live.name)
        if known is None:
            return why_not(live, self._desired.repo)
        if live.version is None:
            return "it was never deployed: nothing of it runs."
        if known.document.trigger != live.version.content.trigger.id:
            return f"it is written for {live.version.content.trigger.id} in the tenant: git needs another name for it."
        return ""

    def _folder(self, name: str) -> str:
        taken = [posixpath.basename(one.folder) for one in self._known.values()]
        return folders_of([name], taken)[name]

    def _numbers(self, name: str) -> Mapping[str, int]:
        """Which version of each module git means, by the module's name: of one that is taken as well, the newest."""
        desired = modules.resolved(self._desired, self._live, modules.changes(self._desired, self._live))
        action = desired.action(name)
        numbers = {use.name: use.number for use in action.content.modules} if action else {}
        newest = {module.name: module.versions[0].number for module in self._live.modules or () if module.versions}
        return numbers | {name: newest[name] for name in self.subjects.modules & newest.keys()}

    def _secrets(self, name: str) -> None:
        """Only what a finding is about changes; where the content was taken, also what git cannot vouch for."""
        live = self._live.action(name)
        if live is None or live.version is None:
            return
        runs = _names(live.version.secrets)
        named = {secret for action, secret in self.subjects.secrets if action == name}
        there = runs | (_names(live.draft.secrets) & named)
        git = self._known[name].document.secrets.keys()
        if name in self.subjects.actions and live.version.provenance is None:
            named |= runs | git
        looked_at = named | (git if name in self.subjects.actions else set())
        deployed = (git - (named - there)) | (named & there)
        doubtful = {secret for secret in looked_at if not is_value_of_git(secret, live)}
        self._taker.action_secrets(name, deployed, doubtful)

    def _module(self, name: str) -> None:
        live = self._live.module(name)
        if live is None or not live.versions:
            self.left.append(Remark(kind="module", name=name, why="it was never published: nothing of it runs."))
            return
        module = module_of(live)
        about = self.subjects
        if name in about.module_drafts:
            module = module.model_copy(update={"content": live.draft.content})
        if name in about.modules | about.module_drafts:
            self._taker.module(module)
            self._pin_users(name, live.versions[0].number)
            self.versions[f"modules/{name}"] = _versions(module.content.dependencies)
        if name in self._known_modules:
            newest = live.versions[0]
            doubtful = name in about.modules and not modules.has_values_of_git(newest, live)
            secrets = _names(newest.secrets) | _names(live.draft.secrets)
            self._taker.module_secrets(name, secrets, doubtful=doubtful)

    def _pin_users(self, name: str, newest: int) -> None:
        """Actions that go on with an earlier version of a module say so: `latest` would give them what was taken."""
        for action, there in self._known.items():
            live = self._live.action(action)
            uses = live.version.content.modules if live and live.version else ()
            number = next((use.number for use in uses if use.name == name), newest)
            if there.document.modules.get(name) == "latest" and number != newest:
                self._taker.pin(action, name, number)

    def _flow(self, trigger: str) -> None:
        live = self._live.flow(trigger)
        if live is None:
            return
        ours = {action.name for action in self._desired.actions} | self._taken
        self._taker.flow(flow_of(live, ours - self.subjects.missing_actions))


def _names(stamps: tuple[SecretStamp, ...]) -> set[str]:
    return {stamp.name for stamp in stamps}


def _versions(dependencies: tuple[Dependency, ...]) -> dict[str, str]:
    return {each.name: each.version for each in dependencies}
