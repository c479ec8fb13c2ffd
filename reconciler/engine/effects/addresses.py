"""URLs that a flow sends the user to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def with_query(url: str, query: Mapping[str, Any] | None) -> str:
    """The URL with those parameters in its query; one that it has already is replaced."""
    if not query:
        return url
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in query]
    added = [(key, value if isinstance(value, str) else json.dumps(value)) for key, value in query.items()]
    return urlunsplit(parts._replace(query=urlencode([*kept, *added])))
