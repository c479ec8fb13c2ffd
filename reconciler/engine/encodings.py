"""How a value may stand in a text: as it is, escaped, URL-encoded, base64 or hex."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

SHORTEST_WITHIN = 8
"""Bytes that a value needs to be recognised in the middle of a longer text that was base64-encoded."""


def written(value: str) -> set[str]:
    """The value as it may stand in a text by itself: as it is, escaped as in a string, URL-encoded, base64 or hex."""
    raw = value.encode("utf-8", "surrogatepass")
    return {
        value,
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(value)[1:-1],
        value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n"),
        quote(value, safe="", errors="surrogatepass"),
        quote(value, errors="surrogatepass"),
        quote_plus(value, errors="surrogatepass"),
        *(encoded(raw).decode().rstrip("=") for encoded in (base64.b64encode, base64.urlsafe_b64encode)),
        raw.hex(),
        raw.hex().upper(),
    }


def within_base64(value: str) -> set[str]:
    """The signs that any base64 text has whose clear text holds the value, wherever in it: three bytes become four
    signs, so that it depends on where the value begins; those that its neighbours share are left out."""
    raw = value.encode("utf-8", "surrogatepass")
    if len(raw) < SHORTEST_WITHIN:
        return set()
    return {
        encoded(b"\0" * shift + raw).decode()[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        for shift in range(3)
        for encoded in (base64.b64encode, base64.urlsafe_b64encode)
    }
