"""Fits a report into what GitHub takes: the summary first, every change at least as one line, as many diffs as fit."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.report.pipeline.block import Block, utf8_size

COMMENT_BYTES = 65_536 - 1_536
"""A comment, but for the marker that it begins with. GitHub counts characters; no text has more of them than bytes."""
CHECK_BYTES = 65_535
"""The summary of a check."""
SUMMARY_BYTES = 1024 * 1024 - 16_384
"""The summary of one step, with some room for what else a step has to tell."""

_GAP = "\n\n"
_LEAST_SHARE = 1_500
"""Bytes: a diff that would get less room is told in one line only."""
_REMARKS_PART = 3
"""Remarks get at most one part of the whole in so many."""
_LINE_COST = 5
"""Bytes that a line of a list takes besides its text."""
_END_OF_PRE = "</code></pre>"
_LISTED = "Without their diffs:"


@dataclass(frozen=True)
class Remarks:
    """What has to be seen before the changes, as one of GitHub's alerts: NOTE, IMPORTANT, WARNING or CAUTION. Each line
    is Markdown without a line end."""

    alert: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A report: `head` and `tail` always stay, so they are short. Both are Markdown."""

    head: str
    remarks: tuple[Remarks, ...] = ()
    blocks: tuple[Block, ...] = ()
    tail: str = ""


def whole_page(page: Page) -> str:
    """The report, however long it is, without a line end."""
    remarks = (_remark(each, each.lines) for each in page.remarks)
    return _joined(page.head, *remarks, *(block.whole for block in page.blocks), page.tail)


def render_page(page: Page, size: int, more: str) -> str:
    """The report in at most so many bytes, without a line end; `more` is one sentence of Markdown that says where the
    rest is told, added only where something was left out."""
    whole = whole_page(page)
    if utf8_size(whole) <= size:
        return whole
    told = _remarks(page.remarks, size // _REMARKS_PART)
    frame = _joined(page.head, told, _LISTED, more, page.tail)
    shown, listed = _shared_out(page.blocks, size - utf8_size(frame) - len(_GAP))
    return _joined(page.head, told, *shown, _LISTED if listed else "", listed, more, page.tail)


def within(text: str, size: int, more: str) -> str:
    """A report that was rendered before, in at most so many bytes: cut where no block is open, with `more` at its
    end."""
    if utf8_size(text) <= size:
        return text
    room = size - utf8_size(more) - len(_GAP) - 1
    used, kept, lines = 0, 0, text.split("\n")
    for at, outside in enumerate(_outside(lines)):
        if outside:
            kept = at
        used += utf8_size(lines[at]) + 1
        if used > room:
            break
    return _joined("\n".join(lines[:kept]).rstrip("\n"), more) + "\n"


def _shared_out(blocks: Sequence[Block], room: int) -> tuple[list[str], str]:
    """What is unfolded of the blocks, and the list of those that are told in one line only."""
    listed = sum(_listed_size(block) for block in blocks)
    if listed > room:
        return [], _as_many_lines(blocks, room)
    room -= listed
    shown: dict[int, str] = {}
    for at in sorted(range(len(blocks)), key=lambda at: blocks[at].size):
        room = _unfolded(shown, at, blocks[at], blocks[at].whole, room)
    left = [at for at in range(len(blocks)) if at not in shown]
    for turn, at in enumerate(left):
        share = min(room, max(room // (len(left) - turn), _LEAST_SHARE))
        cut = blocks[at].shortened(share) if share >= _LEAST_SHARE else ""
        room = _unfolded(shown, at, blocks[at], cut, room)
    lines = [block.line for at, block in enumerate(blocks) if at not in shown]
    return [shown[at] for at in sorted(shown)], "\n".join(lines)


def _unfolded(shown: dict[int, str], at: int, block: Block, text: str, room: int) -> int:
    """The room that is left when the block shows that text, if it can, instead of its line."""
    cost = utf8_size(text) + len(_GAP) - _listed_size(block)
    if not text or cost > room:
        return room
    shown[at] = text
    return room - cost


def _as_many_lines(blocks: Sequence[Block], room: int) -> str:
    return "\n".join(_first_lines([block.line for block in blocks], room, "- … and {} more"))


def _first_lines(lines: Sequence[str], room: int, rest: str) -> list[str]:
    """The lines that fit into so many bytes, and a line that counts the rest."""
    if sum(utf8_size(line) + _LINE_COST for line in lines) <= room:
        return list(lines)
    room -= utf8_size(rest) + 10
    kept: list[str] = []
    for line in lines:
        room -= utf8_size(line) + _LINE_COST
        if room < 0:
            break
        kept.append(line)
    return [*kept, rest.format(f"{len(lines) - len(kept):,}")]


def _listed_size(block: Block) -> int:
    return utf8_size(block.line) + 1


def _remarks(remarks: Iterable[Remarks], size: int) -> str:
    told = []
    for each in remarks:
        told.append(_remark(each, _first_lines(each.lines, size, "… and {} more")))
        size -= utf8_size(told[-1])
    return _joined(*told)


def _remark(remarks: Remarks, lines: Iterable[str]) -> str:
    return "\n".join([f"> [!{remarks.alert}]", *(f"> - {line}" for line in lines if line)])


def _joined(*parts: str) -> str:
    return _GAP.join(part for part in parts if part)


def _outside(lines: Iterable[str]) -> Iterable[bool]:
    """For each line whether no fence and no <details> is open there."""
    fence, depth = "", 0
    for line in lines:
        yield not fence and not depth
        opening = re.match(r"(`{3,})\w*$|<pre ", line)
        if fence or opening:
            fence = _still_open(line, fence)
        else:
            depth += line.startswith("<details>") - line.startswith("</details>")


def _still_open(line: str, fence: str) -> str:
    """What closes the code that is open after the line."""
    if fence.startswith("`"):
        return "" if line == fence else fence
    if fence or line.startswith("<"):
        return "" if line.endswith(_END_OF_PRE) else _END_OF_PRE
    return line.rstrip(string.ascii_letters)
