"""A pull request that changes where credentials go: none are sent, and people are told before anything else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from html import unescape

import pytest

from tests.ci.job import Job

CHECK = "reconciler / plan (prod)"
TENANT = "type: auth0\ndomain: {}\nsecrets: secrets/local.sops.yaml\nage_key_file: age-key.txt\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who waits for credentials."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def moved(job: Job, listener: socket.socket) -> str:
    """A branch on which the tenant is where the listener is; gives that address."""
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    job.home.write("tenants/prod.yaml", TENANT.format("acme.eu.auth0.com"))
    job.home.commit("A tenant for customers")
    job.home.git("update-ref", "refs/remotes/origin/main", "main")
    job.home.git("checkout", "-q", "-b", "change")
    job.home.write("tenants/prod.yaml", TENANT.format(address))
    job.home.commit("Nothing to see here")
    return address


def test_nothing_is_sent_to_an_address_that_the_base_branch_does_not_have(job: Job, listener: socket.socket) -> None:
    address = moved(job, listener)
    job.start_pull(AUTH0_ACCESS_TOKEN="a-token-that-may-write")
    assert job.run("plan", "--tenant", "prod") == 0
    with pytest.raises(BlockingIOError):
        listener.accept()
    check = job.checks[CHECK]
    assert (check.conclusion, check.external_id, job.outputs["checksum"]) == ("neutral", "", "")
    told = f"(domain acme.eu.auth0.com -> {address})"
    assert told in unescape(job.summary).replace("<!-- -->", "")
    assert "[!CAUTION]" in job.comments[0].body, "though nothing else would change"
    (remark,) = check.annotations
    assert (remark["path"], remark["start_line"], remark["annotation_level"]) == ("tenants/prod.yaml", 2, "warning")


def test_without_the_base_branch_nothing_is_sent_at_all(job: Job, listener: socket.socket) -> None:
    moved(job, listener)
    job.home.git("update-ref", "-d", "refs/remotes/origin/main")
    job.start_pull(AUTH0_ACCESS_TOKEN="a-token-that-may-write")
    assert job.run("plan", "--tenant", "prod") == 1
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert "fetch-depth: 0" in job.summary
