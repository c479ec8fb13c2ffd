"""The platform's own SDK for Python, `auth0-python`, in the three forms it has: plain, raw and asynchronous."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from auth0.management import AsyncManagementClient, ManagementClient
from auth0.management.core.pagination import AsyncPager, SyncPager
from pydantic import BaseModel

from tests.clients.served import ServedTenant

ROOTS = ("actions", "logs")
"""The parts of the SDK whose every method is used."""

FORMS = ("plain", "raw", "async")


class Sdk:
    """The SDK with an account of what was called and of what answers held that its models do not know.

    `sdk.actions.versions.list(…)` calls the method of that name in the SDK; what comes back is a model, a list of
    models that a pager gave until its end, or None.
    """

    def __init__(self, part: Any, call: Callable[[Any, str, tuple[Any, ...], dict[str, Any]], Any]) -> None:
        self._part = part
        self._call = call
        self._path = ""
        self.called: set[str] = set()
        self.surplus: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        """A part of the SDK, or a method of it."""
        path = f"{self._path}.{name}".lstrip(".")
        if not inspect.ismethod(getattr(self._part, name)):
            return self._at(getattr(self._part, name), path)

        def called(*args: Any, **kwargs: Any) -> Any:
            self.called.add(path)
            answer = self._call(self._part, name, args, kwargs)
            self.surplus |= surplus(answer)
            return answer

        return called

    def _at(self, part: Any, path: str) -> Sdk:
        inner = Sdk(part, self._call)
        inner._path, inner.called, inner.surplus = path, self.called, self.surplus
        return inner


@contextmanager
def sdk_of(tenant: ServedTenant, form: str) -> Iterator[Sdk]:
    """The SDK in that form, with the tenant's own credentials."""
    if form == "async":
        with asyncio.Runner() as runner:
            connections = httpx.AsyncClient(verify=tenant.trust)
            try:
                yield Sdk(_async_client(tenant, connections), _in_loop(runner))
            finally:
                runner.run(connections.aclose())
        return
    with httpx.Client(verify=tenant.trust) as client:
        yield Sdk(client_of(tenant, client), _called if form == "plain" else _called_raw)


def client_of(tenant: ServedTenant, client: httpx.Client, token: str = "") -> ManagementClient:
    """The SDK over that HTTP client, which trusts the tenant."""
    return ManagementClient(domain=tenant.domain, token=token or tenant.token(), httpx_client=client)


def methods(part: Any, path: str) -> set[str]:
    """Every method that a part of the SDK has, with those of the parts inside it."""
    found: set[str] = set()
    for name, member in vars(type(part)).items():
        if name.startswith("_") or name == "with_raw_response":
            continue
        if isinstance(member, property):
            found |= methods(getattr(part, name), f"{path}.{name}")
        else:
            assert inspect.isfunction(member), f"{path}.{name} is neither a method nor a part"
            found.add(f"{path}.{name}")
    return found


def surplus(answer: Any) -> set[str]:
    """The fields of an answer that its models do not know."""
    if isinstance(answer, list):
        return {name for item in answer for name in surplus(item)}
    if not isinstance(answer, BaseModel):
        return set()
    found = set(answer.model_extra or {})
    for name in type(answer).model_fields:
        found |= surplus(getattr(answer, name))
    return found


def _called(part: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    answer = getattr(part, name)(*args, **kwargs)
    return list(answer) if isinstance(answer, SyncPager) else answer


def _called_raw(part: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    answer = getattr(part.with_raw_response, name)(*args, **kwargs)
    if isinstance(answer, SyncPager):
        return list(answer)
    assert answer.headers["cache-control"] == "no-cache"
    return answer.data


def _async_client(tenant: ServedTenant, client: httpx.AsyncClient) -> AsyncManagementClient:
    return AsyncManagementClient(domain=tenant.domain, token=tenant.token(), httpx_client=client)


def _in_loop(runner: asyncio.Runner) -> Callable[[Any, str, tuple[Any, ...], dict[str, Any]], Any]:
    async def awaited(part: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        answer = await getattr(part, name)(*args, **kwargs)
        return [item async for item in answer] if isinstance(answer, AsyncPager) else answer

    return lambda part, name, args, kwargs: runner.run(awaited(part, name, args, kwargs))
