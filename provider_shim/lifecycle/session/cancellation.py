"""Cancellation by Ctrl-C: waiting and reading end at once, and the state reached is returned.

A write in progress is never cancelled, because its outcome would be unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_Result = TypeVar("_Result")


class Cancelled(Exception):
    """The user pressed Ctrl-C."""


async def cancellable(cancelled: asyncio.Event, work: Awaitable[_Result]) -> _Result:
    """Return the result of `work`, which must be safe to cancel. Raises `Cancelled` once the event is set."""
    task = asyncio.ensure_future(work)
    cancellation = asyncio.ensure_future(cancelled.wait())
    try:
        await asyncio.wait({task, cancellation}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Cancelled
        return task.result()
    finally:
        cancellation.cancel()
        if task.done() and not task.cancelled():
            task.exception()  # retrieved, or asyncio logs it if this was cancelled in the same moment
        if not task.done():
            task.cancel()
            await asyncio.wait({task})  # let it clean up
