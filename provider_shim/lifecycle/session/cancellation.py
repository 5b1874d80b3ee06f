"""Ctrl-C: waiting and reading end at once, and what was done so far is returned.

A write that is under way is never broken off, because nobody could tell then what became of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_Answer = TypeVar("_Answer")


class Cancelled(Exception):
    """The user pressed Ctrl-C."""


async def cancellable(cancelled: asyncio.Event, work: Awaitable[_Answer]) -> _Answer:
    """The outcome of something harmless to break off; raises `Cancelled` as soon as the event is set."""
    doing = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(cancelled.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Cancelled
        return doing.result()
    finally:
        stopping.cancel()
        if not doing.done():
            doing.cancel()
            await asyncio.wait({doing})  # its own clean-up belongs to it
