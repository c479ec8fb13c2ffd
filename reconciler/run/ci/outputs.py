"""What a step tells the steps after it: the names of the outputs, what they mean, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from reconciler.errors import Exit
from reconciler.model.pipeline import Outputs
from reconciler.run.ci.channel import Channel


def dashed(field: str) -> str:
    """The name of an output: `to_create` is `to-create`."""
    return field.replace("_", "-")


OUTPUTS: Mapping[str, str] = {dashed(name): field.description or "" for name, field in Outputs.model_fields.items()}
"""Every output and what it means, in the order in which they are written."""


def joined(all_of: Sequence[Outputs], code: Exit) -> Outputs:
    """The outputs of several stages as one: counts are added up, paths stand on a line each, and what is one stage's
    own is told only where one stage has it."""
    return Outputs(
        changes=any(each.changes for each in all_of),
        to_create=sum(each.to_create for each in all_of),
        to_change=sum(each.to_change for each in all_of),
        to_delete=sum(each.to_delete for each in all_of),
        drift=any(each.drift for each in all_of),
        checksum=_only([each.checksum for each in all_of]),
        plan_json=_lines([each.plan_json for each in all_of]),
        plan_markdown=_lines([each.plan_markdown for each in all_of]),
        deployed_versions=tuple(version for each in all_of for version in each.deployed_versions),
        commit=_only(sorted({each.commit for each in all_of})),
        exit_code=code,
    )


def write_outputs(channel: Channel, outputs: Outputs) -> None:
    """Writes every output for the steps that follow; one that cannot be written is a warning."""
    write_values(channel, {dashed(name): _text(value) for name, value in outputs.model_dump(mode="json").items()})


def write_values(channel: Channel, values: Mapping[str, str]) -> None:
    """The same of any names and texts."""
    try:
        channel.files.write_outputs({name: channel.hidden.mask(value) for name, value in values.items()})
    except OSError as problem:
        channel.warn(f"The outputs of this step cannot be written: {problem.strerror}.")


def _only(told: Sequence[str]) -> str:
    there = [each for each in told if each]
    return there[0] if len(there) == 1 else ""


def _lines(told: Sequence[str]) -> str:
    """As actions/upload-artifact takes several paths."""
    return "\n".join(each for each in told if each)


def _text(value: object) -> str:
    """Text as it is, anything else as JSON: `true`, `3`, `[...]`."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
