"""Helpers for tests: an emulator on a loopback port for the time of a ``with`` block."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from flow_emulator import clock
from flow_emulator.app import create_app
from flow_emulator.behaviour import STRICT, Behaviour
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.models import runs
from flow_emulator.models.scope import Engine
from flow_emulator.serving import Server, address, listen
from flow_emulator.store import Store

_START_SECONDS = 30


@dataclass(frozen=True)
class RunningEmulator:
    """An emulator that is served: its address, its credentials, and what came in."""

    url: str
    app: Starlette
    identity: Identity

    @property
    def store(self) -> Store:
        """The emulator's memory."""
        store: Store = self.app.state.store
        return store

    def environment(self, sandbox: str = "prod") -> dict[str, str]:
        """The ``AEP_*`` variables with which the Terraform provider talks to this emulator."""
        return {
            "AEP_ENDPOINT": self.url,
            "AEP_AUTH_ENDPOINT": self.url,
            "AEP_CLIENT_ID": self.identity.client_id,
            "AEP_CLIENT_SECRET": self.identity.client_secret,
            "AEP_ORGANIZATION_ID": self.identity.organization_id,
            "AEP_SANDBOX_NAME": sandbox,
        }

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """The requests that came, the oldest first, secrets starred."""
        with self.store.transaction() as data:
            return data.requests(after)

    def set_clock(self, moment: str | datetime | None) -> None:
        """Set the clock (RFC 3339 or an aware datetime), or return to real time with None."""
        engine: Engine = self.app.state.engine
        with self.store.transaction() as data:
            clock.write(data, moment)
            runs.advance(engine, data, clock.now_millis(data, engine.real_millis))

    def reset(self) -> None:
        """Forget everything."""
        with self.store.transaction() as data:
            data.reset()


@contextmanager
def running_emulator(
    path: str | Path | None = None,
    *,
    behaviour: Behaviour = STRICT,
    identities: Sequence[Identity] = (EMULATOR,),
    port: int = 0,
) -> Iterator[RunningEmulator]:
    """Serve an emulator on a loopback port while the block runs; in memory unless ``path`` names a file."""
    with closing(listen(port)) as listener:
        app = create_app(path, behaviour=behaviour, identities=identities)
        ready = threading.Event()
        server = Server(app, ready.set)
        thread = threading.Thread(target=server.run, args=([listener],), name="flow-emulator", daemon=True)
        with closing(app.state.store):
            thread.start()
            try:
                if not ready.wait(_START_SECONDS):
                    raise RuntimeError("The emulator did not start.")
                yield RunningEmulator(address(listener), app, identities[0])
            finally:
                server.should_exit = True
                thread.join()
