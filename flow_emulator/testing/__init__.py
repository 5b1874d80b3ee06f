"""Helpers for tests: an emulator on a loopback port inside a ``with`` block.

``flow_emulator.testing.plugin`` has the same as a pytest fixture. Importing this package imports nothing
else.
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
