"""An event loop in which waiting takes no time: its clock moves on to the next timer at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class _Selector(selectors.DefaultSelector):
    """Adds the time for which it would wait to `passed`."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready. Waits only if nothing else is planned."""
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout is not None:
            self.passed += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Event loop with a clock of its own, which begins at 0."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self._virtual.passed


def run(main: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine as `asyncio.run` does, in virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
