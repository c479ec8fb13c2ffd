"""`##WORD##` and `@@WORD@@`: what auth0-deploy-cli replaces with values of its own settings before it reads a file.

What they stand for is not in the configuration, so they are read as the text they are. They may stand where YAML and
JSON allow no such text: they are put out of the parser's sight, and back into what it read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reconciler.model.imported import Marker

_MARKER = re.compile(r"##(\w+)##|@@(\w+)@@")
_HIDDEN = re.compile("\ue000(\\w+)\ue001|\ue002(\\w+)\ue003")
_JSON_STRING = re.compile(r'"(?:\\.|[^"\\])*"|##\w+##|@@\w+@@')


def hidden(text: str) -> str:
    """YAML text whose markers are plain text to a parser."""
    return _MARKER.sub(lambda found: f"\ue000{found[1]}\ue001" if found[1] else f"\ue002{found[2]}\ue003", text)


def quoted(text: str) -> str:
    """JSON text whose bare markers are strings."""
    return _JSON_STRING.sub(lambda found: found[0] if found[0].startswith('"') else f'"{found[0]}"', text)


def shown(value: Any) -> Any:
    """What a parser made of hidden text, with the markers as they were written."""
    if isinstance(value, str):
        return _HIDDEN.sub(lambda found: f"##{found[1]}##" if found[1] else f"@@{found[2]}@@", value)
    if isinstance(value, dict):
        return {shown(key): shown(each) for key, each in value.items()}
    return [shown(each) for each in value] if isinstance(value, list) else value


def markers(file: str, text: str) -> Iterator[Marker]:
    """Every marker of a text, in its order."""
    for number, line in enumerate(text.split("\n"), start=1):
        for found in _MARKER.finditer(line):
            yield Marker(file=file, line=number, word=found[0])
