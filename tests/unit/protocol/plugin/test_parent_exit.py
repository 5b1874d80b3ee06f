"""Detection of the parent's exit."""

from __future__ import annotations

import asyncio

from provider_shim.protocol.plugin.server import until_parent_exits


def test_another_parent() -> None:
    """The function checks the parent once a second and returns when it has changed."""
    seen = iter([7, 7, 7, 1])
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    asyncio.run(until_parent_exits(7, current_parent=lambda: next(seen), sleep=sleep))

    assert slept == [1.0, 1.0, 1.0]
