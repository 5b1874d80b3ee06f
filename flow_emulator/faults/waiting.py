"""Latency, which ends early when the client disconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive


async def wait(sleep: Callable[[float], Awaitable[object]], seconds: float, receive: Receive) -> bool:
    """Sleep, and return True; return False as soon as the client disconnects.

    Inside a process a client disconnects by cancelling the request, which cancels this too.
    """
    if seconds <= 0:
        return True
    sleeping = asyncio.ensure_future(sleep(seconds))
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({sleeping, gone}, return_when=asyncio.FIRST_COMPLETED)
        return sleeping.done()
    finally:
        for task in (sleeping, gone):
            task.cancel()
        await asyncio.gather(sleeping, gone, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
