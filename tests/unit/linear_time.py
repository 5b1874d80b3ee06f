"""Assertions that work takes time in proportion to its input, which hold on a slow machine too."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def seconds(work: Callable[[], object]) -> float:
    """The shorter of two measurements of CPU time."""
    measured = []
    for _ in range(2):
        start = time.process_time()
        work()
        measured.append(time.process_time() - start)
    return min(measured)


def assert_linear(work: Callable[[Any], object], small: Any, large: Any) -> None:
    """Assert that ten times the input takes less than 25 times as long, and not 100 times."""
    assert seconds(lambda: work(large)) < 25 * seconds(lambda: work(small))
