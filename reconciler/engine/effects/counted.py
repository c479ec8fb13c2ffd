"""What of earlier effects the limits of later calls are counted with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.model.effects import Effects


def counted(effects: Effects) -> dict[str, Any]:
    """Sizes and names, without the values: they may be another action's secrets.

    Of claims, metadata and SAML attributes each name with the bytes of its value as JSON; of the pairs of a session and
    a refresh token which were `set`, which are `gone`, and whether all earlier ones were `evicted`; whether a user and
    a primary user were picked.
    """
    return {
        "id_token": _sizes(effects.id_token),
        "access_token": _sizes(effects.access_token),
        "user_metadata": _sizes(effects.user_metadata),
        "app_metadata": _sizes(effects.app_metadata),
        "saml": _sizes(effects.saml.get("attributes", {})),
        "session": _pairs(effects.session),
        "refresh_token": _pairs(effects.refresh_token),
        "user": bool(effects.user),
        "primary_user": bool(effects.primary_user),
    }


def _sizes(values: Mapping[str, Any]) -> dict[str, int]:
    return {
        name: len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
        for name, value in values.items()
    }


def _pairs(settings: Mapping[str, Any]) -> dict[str, Any]:
    metadata: Mapping[str, Any] = settings.get("metadata", {})
    return {
        "set": [key for key, value in metadata.items() if value is not None],
        "gone": [key for key, value in metadata.items() if value is None],
        "evicted": bool(settings.get("evicted")),
    }
