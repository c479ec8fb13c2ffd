"""What the tests of pipelines share with those of commands."""

from __future__ import annotations

from tests.ci.job import job
from tests.run.conftest import empty, home, template

__all__ = ["empty", "home", "job", "template"]
