"""Helpers for tests: an emulator on a loopback port for the time of a ``with`` block.

The same as a pytest fixture: ``flow_emulator.testing.plugin``. Importing this package loads nothing yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flow_emulator.testing.running import RunningEmulator, running_emulator

__all__ = ["RunningEmulator", "running_emulator"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from flow_emulator.testing import running

    return getattr(running, name)
