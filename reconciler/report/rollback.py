"""What is said of a rollback when it is done."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.rollback import EarlierSecret, Reverts, RolledBack

SHORT = 12


def rolled_back(outcome: RolledBack) -> Iterator[str]:
    """Line by line: what runs again, which secrets are earlier ones, and how to make it last."""
    if not outcome.applied:
        yield "Nothing was rolled back."
        return
    for made in outcome.deployed:
        yield f"{made.action} runs version {made.version} of {made.commit[:SHORT]} again, as version {made.number}."
    for name in outcome.drafts:
        yield f"The draft of {name} is as what it runs again."
    if not outcome.deployed and not outcome.drafts:
        yield "Nothing to roll back."
    for secret in outcome.secrets:
        yield _secret(secret)
    if outcome.secrets_unknown:
        yield f"Whether secrets have earlier values is not known: {outcome.secrets_unknown}"
    if outcome.deployed:
        yield from _reverts(outcome.reverts)


def _secret(secret: EarlierSecret) -> str:
    if secret.what == "not there":
        return f"{secret.action} runs without the secret {secret.name}, which git wants it to have now."
    if secret.what == "earlier kept value":
        return f"{secret.action} runs with an earlier value of the secret {secret.name} than the tenant had before."
    return f"{secret.action} runs with an earlier value of the secret {secret.name} than git has now."


def _reverts(reverts: Reverts) -> Iterator[str]:
    if reverts.commits:
        yield "Until git says so too, a deploy of what was rolled back from is refused (rolled-back). To make it last:"
        yield f"    git revert {' '.join(commit[:SHORT] for commit in reverts.commits)}"
    for commit, things in reverts.also.items():
        yield f"{commit[:SHORT]} also touches {', '.join(things)}."
    yield from reverts.notes
    if not reverts.commits and not reverts.notes:
        yield "Git says so already."
