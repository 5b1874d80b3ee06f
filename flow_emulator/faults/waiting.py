"""Waiting on purpose, for as long as somebody waits for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive


async def wait(sleep: Callable[[float], Awaitable[object]], seconds: float, receive: Receive) -> bool:
    """Sleep; True when the client is still there then, False as soon as it hung up.

    Inside a process a client hangs up by cancelling the whole request, and then this never returns.
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
