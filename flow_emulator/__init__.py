"""An emulator of Adobe's Flow Service, which keeps state and rejects what Adobe rejects.

``create_app`` returns it as an ASGI application, ``flow_emulator.serving`` serves it on a port, and
``flow_emulator.testing`` is for tests. Importing this package imports none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flow_emulator.app import create_app
    from flow_emulator.behaviour.switches import Behaviour
    from flow_emulator.identity import Identity

__all__ = ["Behaviour", "Identity", "create_app"]

_HOMES = {
    "create_app": "flow_emulator.app",
    "Behaviour": "flow_emulator.behaviour.switches",
    "Identity": "flow_emulator.identity",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
