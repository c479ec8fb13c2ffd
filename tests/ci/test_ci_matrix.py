"""`reconciler ci matrix`: tenants as jobs."""

from __future__ import annotations

import json

import pytest

from tests.ci.job import Job

SERVED = "type: local\nserver: /srv/tenant/tenant.json\n"


def tenants(job: Job, *names: str, promote: str = "") -> None:
    """Tenant files of those names, and no others."""
    (job.home.folder / "tenants/local.yaml").unlink()
    for name in names:
        job.home.write(f"tenants/{name}.yaml", SERVED)
    job.home.write("reconciler.yaml", f"name: acme\n{promote}")


def test_a_job_for_each_tenant_in_the_order_of_promotion(job: Job) -> None:
    tenants(job, "dev", "prod", "staging", promote="promote: [dev, staging, prod]\n")
    job.start("push", {})
    assert job.run("matrix") == 0
    made = json.loads(job.stdout)
    assert [each["tenant"] for each in made["include"]] == ["dev", "staging", "prod"]
    assert made["include"][0] == {"tenant": "dev", "environment": "dev"}
    assert job.outputs == {"matrix": job.stdout.strip(), "any": "true", "exit-code": "0"}


@pytest.mark.parametrize(("asked", "found"), [("prod-*", ["prod-eu", "prod-us"]), ("dev,prod-us", ["dev", "prod-us"])])
def test_only_those_that_are_meant(job: Job, asked: str, found: list[str]) -> None:
    tenants(job, "dev", "prod-eu", "prod-us")
    assert job.run("matrix", "--tenant", asked) == 0
    assert [each["tenant"] for each in json.loads(job.stdout)["include"]] == found


def test_a_tenant_that_is_gone_with_the_job_is_left_out_unless_it_is_named(job: Job) -> None:
    tenants(job, "prod", promote="promote: [trial, prod]\n")
    for name in ("local", "trial"):
        job.home.write(f"tenants/{name}.yaml", "type: local\n")
    assert job.run("matrix") == 0
    assert [each["tenant"] for each in json.loads(job.stdout)["include"]] == ["trial", "prod"]
    assert job.run("matrix", "--tenant", "loc*") == 0
    assert [each["tenant"] for each in json.loads(job.stdout)["include"]] == ["local"]


@pytest.mark.parametrize("asked", [(), ("--tenant", "*")])
def test_a_tenant_whose_name_means_others_has_no_job(job: Job, asked: tuple[str, ...]) -> None:
    tenants(job, "dev", "prod", "dev,prod", "*", "pro[d]")
    assert job.run("matrix", *asked) == 0
    assert [each["tenant"] for each in json.loads(job.stdout)["include"]] == ["dev", "prod"]


@pytest.mark.parametrize("asked", ["*", "prod-*"])
def test_no_tenant_makes_no_jobs_and_says_so(job: Job, asked: str) -> None:
    tenants(job, *(["dev"] if asked == "prod-*" else []))
    job.start("push", {})
    assert job.run("matrix", "--tenant", asked) == 0
    assert (job.stdout, job.outputs["any"]) == ('{"include":[]}\n', "false")


def test_a_name_that_is_no_tenants_is_wrong_usage(job: Job) -> None:
    job.start("push", {})
    assert job.run("matrix", "--tenant", "locl") == 64
    assert "did you mean 'local'?" in job.stderr
    assert job.outputs["exit-code"] == "64"


@pytest.mark.parametrize(
    ("shards", "groups"), [(1, ["a,b,c,d,e"]), (2, ["a,b", "c,d,e"]), (5, list("abcde")), (9, list("abcde"))]
)
def test_shards_are_groups_of_neighbours(job: Job, shards: int, groups: list[str]) -> None:
    tenants(job, *"abcde")
    assert job.run("matrix", "--shards", str(shards)) == 0
    include = json.loads(job.stdout)["include"]
    assert [each["tenants"] for each in include] == groups
    assert [each["shard"] for each in include] == list(range(1, len(groups) + 1))


def test_more_jobs_than_github_makes_are_refused_with_the_way_out(job: Job) -> None:
    tenants(job, *(f"t{number}" for number in range(257)))
    assert job.run("matrix") == 64
    assert "--shards 20" in job.stderr
    assert job.run("matrix", "--shards", "256") == 0
    assert len(json.loads(job.stdout)["include"]) == 256
