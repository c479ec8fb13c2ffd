"""What the host has to know of the platform: the methods of every trigger, and the limits of what they take."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reconciler.catalogue import limits, method_limits
from reconciler.catalogue.triggers import Method, Param, methods
from reconciler.engine.effects.arguments import NULL_REMOVES


@cache
def platform_facts() -> Mapping[str, Any]:
    """`triggers`: id -> {method -> {returns, params}}, where `returns` is "api" for a call that can be chained;
    `limits`: those of api.cache and of the other methods."""
    told = {trigger: {each.name: _method(each) for each in every} for trigger, every in methods().items()}
    return {"triggers": told, "limits": {"cache": _cache(), **_others()}}


def _method(method: Method) -> Mapping[str, Any]:
    params = [_param(each) for each in method.params]
    if method.name in NULL_REMOVES:
        params[1]["type"] = "string | null"
    return {"returns": "api" if method.returns.startswith("api object") else "value", "params": params}


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "type": param.type,
        "optional": param.optional,
        "choices": list(param.choices),
        "properties": [_param(each) for each in param.properties],
    }


def _cache() -> Mapping[str, int]:
    return {
        "entries": limits.CACHE_ENTRIES,
        "key_bytes": limits.CACHE_KEY_BYTES,
        "value_bytes": limits.CACHE_VALUE_BYTES,
        "total_bytes": limits.CACHE_TOTAL_BYTES,
        "default_seconds": limits.CACHE_DEFAULT_SECONDS,
        "max_seconds": limits.CACHE_MAX_SECONDS,
    }


def _others() -> Mapping[str, Any]:
    return {name.lower(): value for name, value in vars(method_limits).items() if name.isupper()}
