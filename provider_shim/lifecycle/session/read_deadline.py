"""The deadline of operations that only read, and whose time no `timeouts` limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from provider_shim.lifecycle.session.cancellation import cancellable

_Result = TypeVar("_Result")

READ_TIMEOUT = 600.0
"""Seconds for reading a data source, an ephemeral resource, or a list, with all its pages and retries."""


async def within_deadline(cancelled: asyncio.Event, work: Awaitable[_Result]) -> _Result:
    """Return the result of `work`.

    Raises:
        TimeoutError: It took longer than `READ_TIMEOUT`.
        Cancelled: The user pressed Ctrl-C.
    """
    async with asyncio.timeout(READ_TIMEOUT):
        return await cancellable(cancelled, work)


async def each_within_deadline(
    cancelled: asyncio.Event, items: AsyncIterator[_Result]
) -> AsyncIterator[_Result]:
    """Yield the items. The deadline is that of all items together. Raises as `within_deadline` does."""
    deadline = asyncio.get_running_loop().time() + READ_TIMEOUT
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                item = await cancellable(cancelled, anext(items))
        except StopAsyncIteration:
            return
        yield item
