"""Looks for drift on a schedule, and tells of what stands: one issue per tenant, a report, a pull request that adopts,
a webhook."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.desired import atomic
from reconciler.desired.secrets import SecretValue
from reconciler.engine.drift.standing import standing, worst
from reconciler.errors import GitHubError, ReconcilerError, Usage
from reconciler.github.gateway import GitHub
from reconciler.model.drift import Drift
from reconciler.model.github import Issue
from reconciler.model.pipeline import Stage
from reconciler.model.sighting import SeenFile, Sighting, Standing
from reconciler.report.drift_html import drift_html
from reconciler.report.pipeline.drift_issue import IssueText, closing_comment, drift_issue, reopening_comment
from reconciler.report.pipeline.drift_notice import What, drift_notice
from reconciler.report.pipeline.drift_stage import Told, drift_stage
from reconciler.run.ci.adopt_pull import Adopting, adopt_pull
from reconciler.run.ci.drift_issue import Comments, Kept, Whose, close_orphans, read_kept, settle
from reconciler.run.ci.notice import send_notice
from reconciler.run.ci.owners import MOST, owners
from reconciler.run.ci.pipeline import Pipeline, concluded
from reconciler.run.ci.seen_file import load_seen, save_seen
from reconciler.run.drift import drift
from reconciler.run.several import every

AT_ONCE = "No --seen file: what is found is told at once, not when several runs found it."

NO_TOKEN = "No GITHUB_TOKEN in the environment: no issue was opened, changed or closed."


@dataclass(frozen=True)
class DriftWays:
    """How drift is told. `seen` is the file that a pipeline keeps from run to run, `html` gives where the report of a
    tenant goes, None for nowhere; `fail_on` is a severity or empty; `webhook` names a variable of the environment.
    `assignees` are assigned to a new issue besides the people whom CODEOWNERS names."""

    seen: Path | None = None
    html: Callable[[str], Path | None] = lambda tenant: None
    fail_on: str = ""
    adopt: bool = False
    webhook: str = ""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()


async def ci_drift(pipeline: Pipeline, tenant: str, ways: DriftWays) -> Stage:
    """The drift of one tenant as a stage. A tenant that cannot be read is a stage that failed: its issue, its pull
    request and what earlier runs saw of it stay as they are."""

    async def work() -> Stage:
        if pipeline.run.pull:
            raise Usage(
                "Drift is looked for in what is deployed, not in what a pull request would change.",
                "Run it on a schedule, or by hand on the default branch.",
            )
        return await _Turn(pipeline, tenant, ways).stage()

    return await concluded(pipeline, "drift", tenant, work)


@dataclass
class _Turn:
    """One tenant's turn; `notes` and `problems` are sentences for the stage. A problem with one way of telling does not
    keep the others from it."""

    pipeline: Pipeline
    tenant: str
    ways: DriftWays
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def stage(self) -> Stage:
        """Finds, tells, and keeps for the next run what this one saw."""
        self._hide_webhook()
        read = await drift(self.pipeline.place, self.tenant)
        found, runs = read.drift, self._runs(read.loaded.tenant.drift.runs)
        seen = self._seen(found.repo)
        kept = await self._kept(found.repo)
        before = kept.told if kept else tuple(each for each in seen.of(self.tenant) if each.reported)
        stands = standing(found, seen.of(self.tenant), told=kept.told if kept else (), runs=runs)
        self._write_report(found)
        pull = await self._adopted(found, stands)
        owning = owners(self.pipeline.place.repository, read.loaded.documents, stands.reported)
        issue = await self._issue(found, stands, kept, pull, (*self.ways.assignees, *owning))
        await self._close_orphans(found.repo, every(read.loaded.documents))
        self._keep(seen, stands)
        await self._notify(before, stands, issue.url if issue else self.pipeline.run.url)
        told = Told(issue.url if issue else "", pull.url if pull else "", tuple(self.notes), tuple(self.problems))
        return drift_stage(found, stands, self.pipeline.run, runs=runs, told=told, fail_on=self.ways.fail_on)

    def _hide_webhook(self) -> None:
        address = self._webhook
        if address:
            self.pipeline.channel.hidden.learn({self.ways.webhook: SecretValue(address)})

    @property
    def _webhook(self) -> str:
        return self.pipeline.place.settings.environ.get(self.ways.webhook, "")

    def _runs(self, wanted: int) -> int:
        """How many runs have to find something before people are told of it."""
        if self.ways.seen is None and wanted > 1:
            self.notes.append(AT_ONCE)
        return wanted if self.ways.seen else 1

    def _seen(self, repo: str) -> SeenFile:
        if self.ways.seen is None:
            return SeenFile(repo=repo)
        seen, why = load_seen(self.ways.seen, repo)
        if why:
            self.pipeline.channel.warn(why)
            self.notes.append(why)
        return seen

    async def _kept(self, repo: str) -> Kept | None:
        """What is open now; None where there is no GitHub, or where it does not say."""
        if self.pipeline.github is None:
            if self.pipeline.run.repository and not self.pipeline.dry_run:
                self.notes.append(NO_TOKEN)
            return None
        try:
            return await read_kept(self.pipeline.github, Whose(repo, self.tenant, self.pipeline.folder))
        except GitHubError as refused:
            self.problems.append(f"The drift issue could not be looked for: {_told(refused)}")
            return None

    def _write_report(self, found: Drift) -> None:
        path = self.ways.html(self.tenant)
        if path is None:
            return
        try:
            atomic.write(path, self.pipeline.channel.hidden.mask(drift_html(found)).encode())
        except OSError as problem:
            self.problems.append(f"The report {path} could not be written: {problem.strerror}.")

    async def _adopted(self, found: Drift, stands: Standing) -> Adopting | None:
        """What is proposed now; None where nobody looked, or could."""
        if not self.ways.adopt:
            return None
        try:
            made = await adopt_pull(self.pipeline, found, stands)
        except ReconcilerError as problem:
            self.problems.append(f"What drifted could not be proposed for adoption: {_told(problem)}")
            return None
        if made.note:
            self.notes.append(made.note)
        return made

    async def _issue(
        self, found: Drift, stands: Standing, kept: Kept | None, pull: Adopting | None, people: Sequence[str]
    ) -> Issue | None:
        there = kept.marker.adopting if kept and kept.marker else 0
        # Runs that do not adopt go on naming the pull request of one that did: not every schedule may see it.
        adopting = pull.number if pull else there
        text = self._text(found, stands, adopting) if stands.told else None
        if self.pipeline.dry_run:
            self._rehearse(text)
        if kept is None or self.pipeline.github is None:
            return None
        mask, run = self.pipeline.channel.hidden.mask, self.pipeline.run
        comments = Comments(mask(closing_comment(stands, run)), reopening_comment(run))
        try:
            issue, done = await settle(self.pipeline.github, kept, text, comments, self.ways.labels)
        except GitHubError as refused:
            self.problems.append(f"The drift issue could not be written: {_told(refused)}")
            return kept.open[0] if kept.open else None
        self.pipeline.channel.tell(f"the drift issue of {self.tenant}{f' (#{issue.number})' if issue else ''}: {done}")
        if issue and done in ("opened", "opened again"):
            await self._assign(self.pipeline.github, issue, people)
        return issue if text else None

    async def _close_orphans(self, repo: str, tenants: Collection[str]) -> None:
        """Of tenants that are gone from the default branch; another one may not have them yet."""
        run, github = self.pipeline.run, self.pipeline.github
        default = run.event == "schedule" or (run.branch and run.branch == run.default_branch)
        if github is None or not default:
            return
        try:
            for gone in await close_orphans(github, Whose(repo, self.tenant, self.pipeline.folder), tenants):
                self.pipeline.channel.tell(f"the drift issue #{gone.number}: closed, as its tenant is gone")
        except GitHubError as refused:
            self.pipeline.channel.warn(f"Issues of tenants that are gone were not looked for: {refused.message}")

    async def _assign(self, github: GitHub, issue: Issue, people: Sequence[str]) -> None:
        """That nobody could be assigned keeps nobody from reading it."""
        try:
            if people:
                await github.assign(issue.number, list(dict.fromkeys(people))[:MOST])
        except GitHubError as refused:
            self.pipeline.channel.warn(f"Nobody was assigned to #{issue.number}: {refused.message}")

    def _text(self, found: Drift, stands: Standing, adopting: int) -> IssueText:
        reported = self.ways.html(self.tenant) is not None
        text = drift_issue(
            found,
            stands,
            self.pipeline.run,
            folder=self.pipeline.folder,
            adopting=adopting,
            report=reported,
        )
        mask = self.pipeline.channel.hidden.mask
        return IssueText(mask(text.title), mask(text.body), text.marker)

    def _rehearse(self, text: IssueText | None) -> None:
        tell = self.pipeline.channel.tell
        if text is None:
            tell(f"would close the drift issue of {self.tenant}, if one is open")
        else:
            tell(f"would make the drift issue of {self.tenant} say this:\n{text.title}\n{text.body}")

    def _keep(self, seen: SeenFile, stands: Standing) -> None:
        """A dry run is none: what it saw does not count."""
        if self.ways.seen is None or self.pipeline.dry_run:
            return
        why = save_seen(self.ways.seen, seen.having(self.tenant, stands.sightings))
        if why:
            self.problems.append(why)

    def _masked(self, message: dict[str, Any]) -> dict[str, Any]:
        masked: dict[str, Any] = json.loads(self.pipeline.channel.hidden.mask(json.dumps(message)))
        return masked

    async def _notify(self, before: tuple[Sighting, ...], stands: Standing, url: str) -> None:
        what = _what(before, stands.told)
        if not self.ways.webhook or not what:
            return
        if self.pipeline.dry_run:
            self.pipeline.channel.tell(f"would tell the webhook of {self.ways.webhook} that drift is {what}")
            return
        message = drift_notice(what, self.tenant, stands.reported, url)
        why = (
            await send_notice(self._webhook, self._masked(message))
            if self._webhook
            else "the environment does not have it"
        )
        if why:
            self.pipeline.channel.warn(f"The webhook of {self.ways.webhook} was not told: {why}.")


def _told(problem: ReconcilerError) -> str:
    return f"{problem.message} {problem.remedy}".rstrip()


def _what(before: tuple[Sighting, ...], after: tuple[Sighting, ...]) -> What | None:
    """What a webhook hears of: that drift begins, ends, or is as bad as it was not before."""
    if not before or not after:
        return "opened" if after else "closed" if before else None
    bad, now = (worst(each.severity for each in sightings) for sightings in (before, after))
    return "changed" if bad != now else None
