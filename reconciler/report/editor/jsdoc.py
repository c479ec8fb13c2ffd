"""Comments that an editor shows when a name is pointed at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 110


def jsdoc(sentences: Iterable[str], indent: str = "") -> str:
    """The lines of a comment, each with its line end; nothing for no words. No sentence can end the comment."""
    paragraphs = [textwrap.wrap(_tame(each), WIDTH, break_long_words=False) for each in sentences if each]
    if not paragraphs:
        return ""
    if len(paragraphs) == 1 and len(paragraphs[0]) == 1:
        return f"{indent}/** {paragraphs[0][0]} */\n"
    # Of lines that follow each other an editor makes one paragraph: an empty one keeps sentences apart.
    lines = [line for paragraph in paragraphs for line in ("", *paragraph)][1:]
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines) + f"{indent} */\n"


def _tame(sentence: str) -> str:
    return sentence.replace("*/", "* /").replace("@", "\\@")
