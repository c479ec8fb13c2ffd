"""One pull request per tenant that takes into git what drifted: a branch of ours, one commit, written anew when what it
would say is another."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.desired.pushing import Origin, Tips, access_environ
from reconciler.errors import GitError, InvalidInput
from reconciler.github.event import SERVER
from reconciler.github.gateway import GitHub
from reconciler.model.adopted import Adopted
from reconciler.model.drift import Drift, Finding
from reconciler.model.github import Proposal
from reconciler.model.sighting import Standing
from reconciler.report.pipeline.adopt_pull import adopt_body, adopt_message, adopt_title, ended_body, no_longer_needed
from reconciler.run.adopt import Adoption, adoption
from reconciler.run.ci.pipeline import Pipeline


@dataclass(frozen=True)
class Adopting:
    """The open pull request that adopts, number 0 for none, and a sentence where there is something to say."""

    number: int = 0
    url: str = ""
    note: str = ""


async def adopt_pull(pipeline: Pipeline, drift: Drift, standing: Standing) -> Adopting:
    """Brings the pull request of a tenant in line with what stands there.

    Raises GitError, GitHubError, and PackageError where npm cannot give what was taken.
    """
    if pipeline.dry_run:
        return await _rehearsed(pipeline, drift.tenant, standing)
    branch = branch_of(pipeline.place.repository.prefix, drift.tenant)
    origin = Origin(pipeline.place.repository, _access(pipeline))
    tips = await asyncio.to_thread(origin.read_tips, branch, pipeline.run.default_branch)
    if not tips.head:
        raise GitError("The remote origin has no default branch to adopt into.", "Push the branch first.")
    await asyncio.to_thread(origin.fetch, tips.default, *([branch] if tips.branch else []))
    proposals = await _proposals(pipeline.github, branch, tips.default)
    turn = _Turn(pipeline, origin, tips, branch, tuple(each for each in proposals if each.open), proposals)
    if standing.doubtful:
        return turn.left("It was not touched: this run could not tell all of what stands.")
    if not standing.reported:
        return await turn.ended(drift.tenant)
    try:
        made = await _adoption(pipeline, tips.head, drift.tenant, standing)
    except InvalidInput as unfit:
        return turn.left(_unfit(unfit))
    if not made.changes:
        return await turn.ended(drift.tenant)
    return await turn.proposed(made, standing.reported)


def branch_of(prefix: str, tenant: str) -> str:
    """The branch of one tenant of the repository in the folder `prefix`. What a branch's name cannot hold is replaced;
    a digest keeps two such names apart."""
    named = f"{prefix}{tenant}"
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", named)
    return f"reconciler/adopt-{plain}" + (
        f"-{hashlib.sha256(named.encode()).hexdigest()[:8]}" if plain != named else ""
    )


@dataclass(frozen=True)
class _Turn:
    """What is there before anything is written: the remote's branches, and the pull requests of ours."""

    pipeline: Pipeline
    origin: Origin
    tips: Tips
    branch: str
    open: tuple[Proposal, ...]
    proposals: tuple[Proposal, ...]

    def left(self, note: str) -> Adopting:
        """Nothing is written."""
        there = self.open[0] if self.open else None
        return Adopting(there.number, there.url, note) if there else Adopting(note=note)

    @property
    def foreign(self) -> bool:
        """Whether somebody else committed on the branch: that is nobody's to overwrite."""
        return self.tips.branch not in ("", self.tips.head) and not self.origin.is_ours(self.tips.branch)

    async def ended(self, tenant: str) -> Adopting:
        """There is nothing to adopt: what is open is closed, and the branch goes."""
        if self.foreign:
            return self.left(f"Nothing is left to adopt; {self.branch} stays, since somebody else committed there.")
        github = self.pipeline.github
        for each in self.open if github else ():
            assert github is not None
            await github.close_pull(each.number, ended_body(tenant, each.body))
            await github.create_comment(each.number, no_longer_needed(tenant))
        if self.tips.branch:
            await asyncio.to_thread(self.origin.delete, self.branch, expected=self.tips.branch)
        return Adopting(note=f"#{self.open[0].number} was closed: nothing is left to adopt." if self.open else "")

    async def proposed(self, made: Adoption, findings: tuple[Finding, ...]) -> Adopting:
        """The branch holds the adoption, and a pull request is open for it, unless somebody turned the same down."""
        if self.foreign:
            return self.left(f"{self.branch} was not written: somebody else committed there.")
        leaking = sorted(path for path, content in made.changes.items() if content and self._leaks(content))
        if leaking:
            return self.left(f"Nothing is proposed: {', '.join(leaking)} would hold the value of a secret.")
        title, body = self._text(made.adopted, findings)
        if not self.open and self._declined(title, body):
            return Adopting(note=f"#{self.proposals[0].number} adopts just this and was closed by hand: it stays so.")
        await self._push(made)
        return await self._told(title, body)

    def _leaks(self, content: bytes) -> bool:
        text = content.decode("utf-8", "replace")
        return self.pipeline.channel.hidden.mask(text) != text

    def _text(self, adopted: Adopted, findings: tuple[Finding, ...]) -> tuple[str, str]:
        mask = self.pipeline.channel.hidden.mask
        return mask(adopt_title(adopted)), mask(adopt_body(adopted, findings))

    def _declined(self, title: str, body: str) -> bool:
        newest = self.proposals[0] if self.proposals else None
        return newest is not None and not newest.merged and _says(newest, title, body)

    async def _push(self, made: Adoption) -> None:
        """A commit that changes the same in the same way is left as it is: whoever looked at it need not look again."""
        message, at = adopt_message(made.adopted), self.pipeline.place.clock()
        commit = await asyncio.to_thread(self.origin.commit, self.tips.head, made.changes, message, at)
        if self.tips.branch and self.origin.alike(self.tips.branch, commit):
            return
        await asyncio.to_thread(self.origin.push, commit, self.branch, expected=self.tips.branch)
        self.pipeline.channel.tell(f"pushed {commit[:12]} to {self.branch}")

    async def _told(self, title: str, body: str) -> Adopting:
        github = self.pipeline.github
        if github is None:
            return Adopting(note=f"{self.branch} holds the adoption: open a merge request for it.")
        if self.open and _says(self.open[0], title, body):
            return Adopting(self.open[0].number, self.open[0].url)
        pull = await github.ensure_pull(self.branch, self.tips.default, title, body)
        return Adopting(pull.number, pull.url)


def _unfit(unfit: InvalidInput) -> str:
    places = "; ".join(str(each) for each in unfit.diagnostics[:3])
    return f"What runs cannot stand in git as it is, so that nothing is proposed: {places}"


def _says(there: Proposal, title: str, body: str) -> bool:
    return there.title == title and there.body.replace("\r\n", "\n").strip() == body.strip()


async def _rehearsed(pipeline: Pipeline, tenant: str, standing: Standing) -> Adopting:
    """What would be pushed, from the commit that is checked out: nobody is asked for a newer one."""
    if not standing.reported:
        return Adopting(note="Nothing stands to be adopted: an open pull request of ours would be closed.")
    try:
        made = await _adoption(pipeline, pipeline.place.repository.head(), tenant, standing)
    except InvalidInput as unfit:
        return Adopting(note=_unfit(unfit))
    written = ", ".join((*made.adopted.files, *made.adopted.removed))
    branch = branch_of(pipeline.place.repository.prefix, tenant)
    pipeline.channel.tell(f"would push {branch} with {written or 'nothing'}")
    if written:
        mask = pipeline.channel.hidden.mask
        pipeline.channel.tell(mask(f"{adopt_title(made.adopted)}\n{adopt_body(made.adopted, standing.reported)}"))
    return Adopting()


async def _adoption(pipeline: Pipeline, commit: str, tenant: str, standing: Standing) -> Adoption:
    """Only what stands is taken, from what is open at that commit."""
    standing_ids = {finding.id for finding in standing.reported}

    def chosen(found: Drift) -> tuple[Finding, ...]:
        return tuple(finding for finding in found.open if finding.id in standing_ids)

    tree = pipeline.place.repository.tree(commit)

    def asking(owner: str) -> None:
        pipeline.channel.tell(f"asking npm for the packages of {owner}")

    return await adoption(pipeline.place, tree, tenant, chosen, asking)


async def _proposals(github: GitHub | None, branch: str, default: str) -> tuple[Proposal, ...]:
    return await github.read_proposals(branch, default) if github else ()


def _access(pipeline: Pipeline) -> Mapping[str, str]:
    environ = pipeline.place.settings.environ
    token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN", "")
    return access_environ(environ.get("GITHUB_SERVER_URL") or SERVER, token, environ) if pipeline.run.repository else {}
