"""How a test run is told where somebody asks for more than lines: loaded by name, since few runs do."""

from __future__ import annotations

from pathlib import Path

from reconciler.cli.console import print_json, stdout
from reconciler.desired import atomic
from reconciler.errors import InvalidInput
from reconciler.report.coverage import coverage_table, lcov_text
from reconciler.report.junit import junit_xml
from reconciler.report.pipeline.checks import failed_cases
from reconciler.report.pipeline.gitlab import code_quality
from reconciler.report.pipeline.places import annotated
from reconciler.run.cases import Tested

CHECK = "reconciler-test"


def print_outcomes(tested: Tested) -> None:
    """The cases as JSON."""
    print_json([outcome.model_dump(mode="json") for outcome in tested.outcomes])


def print_quality(tested: Tested, prefix: str) -> None:
    """The failed cases as GitLab's code quality report."""
    print_json(code_quality(CHECK, failed_cases(tested.outcomes, prefix)))


def print_quality_of_mistakes(wrong: InvalidInput, prefix: str) -> None:
    """The same where the files let no case run."""
    print_json(code_quality(CHECK, annotated(wrong.diagnostics, prefix)))


def print_coverage(tested: Tested) -> None:
    """A table of what ran."""
    stdout().print(coverage_table(tested.coverage))


def write_junit(file: Path, tested: Tested, prefix: str) -> None:
    """The cases as JUnit XML."""
    atomic.write(file, junit_xml(tested.outcomes, prefix).encode())


def write_lcov(file: Path, tested: Tested, prefix: str) -> None:
    """What ran, as a tracefile."""
    atomic.write(file, lcov_text(tested.coverage, prefix).encode())
