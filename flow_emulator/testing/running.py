"""An emulator that is served while a block runs, and what a test may ask of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from flow_emulator import clock, seeds, snapshots
from flow_emulator.app import create_app
from flow_emulator.behaviour import configuration
from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.exports import batches, run_export
from flow_emulator.faults import fault_store, rules
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.models.context import Engine
from flow_emulator.models.flows import runs
from flow_emulator.serving import Server, address, listen
from flow_emulator.store import Store, Transaction

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
        with self.store.transaction() as tx:
            return tx.requests.all(after)

    @property
    def now(self) -> datetime:
        """The emulator's time."""
        engine: Engine = self.app.state.engine
        with self.store.transaction() as tx:
            return clock.read(tx, engine.real_millis).now

    def set_clock(self, moment: str | datetime | None, *, stands: bool = True) -> None:
        """Set the clock (RFC 3339 or an aware datetime), or return to real time with None.

        It stands there, or goes on from there. Runs that are due then are made.
        """
        self._move(lambda tx, engine: clock.write(tx, moment, runs=not stands, real=engine.real_millis))

    def advance_clock(self, step: timedelta) -> None:
        """Move the clock by a step and make the runs that are due then; it stands or runs as before."""
        self._move(lambda tx, engine: clock.advance(tx, step, engine.real_millis))

    def configure(self, profile: str | None = None, **switches: object) -> None:
        """Choose a profile, which begins afresh, and single switches: ``configure(secrets="omit")``.

        ValueError: an unknown name or value, or the emulator was made with a behaviour of its own.
        """
        engine: Engine = self.app.state.engine
        if not engine.from_store:
            raise ValueError("This emulator was made with a behaviour of its own.")
        with self.store.transaction() as tx:
            changed = configuration.read(tx).changed(profile, configuration.as_texts(switches))
            configuration.write(tx, changed)

    def set_export_folder(self, folder: str | Path | None) -> None:
        """Let due runs write their files to a folder from now on; None: nowhere."""
        with self.store.transaction() as tx:
            run_export.set_folder(tx, folder)

    def add_rows(self, dataset: str, rows: Iterable[dict[str, Any]], at: str | datetime | None = None) -> int:
        """Add rows to a dataset, at the emulator's time or at ``at``; how many there were.

        Due runs write them to the export folder, if there is one.
        """
        moment = clock.from_text(at) if isinstance(at, str) else at
        with self.store.transaction() as tx:
            engine = configuration.applied(self.app.state.engine, tx)
            now = clock.now_millis(tx, engine.real_millis)
            runs.advance(engine, tx, now)
            return batches.add_rows(tx, dataset, rows, now if moment is None else clock.to_millis(moment))

    def reset(self) -> None:
        """Forget everything but profile, switches and export folder."""
        with self.store.transaction() as tx:
            tx.reset()

    def seed(self, seed: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Make the objects of a seed (see ``flow_emulator.seeds``); their ids by collection and name."""
        with self.store.transaction() as tx:
            return seeds.apply_seed(configuration.applied(self.app.state.engine, tx), tx, seed)

    def snapshot(self) -> dict[str, Any]:
        """Everything but the request log, good for JSON and for :meth:`restore`."""
        with self.store.transaction() as tx:
            return snapshots.take(tx, self.app.state.engine.catalogue)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Forget everything but the request log, and remember what the snapshot holds."""
        with self.store.transaction() as tx:
            snapshots.restore(tx, snapshot)

    def add_fault(self, fault: str) -> int:
        """Set a fault, such as ``"createFlow reset when=after nth=2"``; its number. ValueError: no fault."""
        with self.store.transaction() as tx:
            return fault_store.add(tx, rules.from_text(fault))

    def clear_faults(self) -> None:
        """Take back all faults."""
        with self.store.transaction() as tx:
            fault_store.remove(tx)

    def _move(self, change: Callable[[Transaction, Engine], None]) -> None:
        with self.store.transaction() as tx:
            engine = configuration.applied(self.app.state.engine, tx)
            change(tx, engine)
            runs.advance(engine, tx, clock.now_millis(tx, engine.real_millis))


@contextmanager
def running_emulator(
    path: str | Path | None = None,
    *,
    profile: str | None = None,
    switches: Mapping[str, object] | None = None,
    behaviour: Behaviour | None = None,
    identities: Sequence[Identity] = (EMULATOR,),
    port: int = 0,
    export_folder: str | Path | None = None,
) -> Iterator[RunningEmulator]:
    """Serve an emulator on a loopback port while the block runs; in memory unless ``path`` names a file.

    Profile and switches are kept in the store; ``behaviour`` replaces both and is fixed. Due runs write
    files to ``export_folder``; without one, to the folder that the file knows, if any.
    """
    with closing(listen(port)) as listener:
        app = create_app(path, behaviour=behaviour, identities=identities)
        if export_folder is not None:
            with app.state.store.transaction() as tx:
                run_export.set_folder(tx, export_folder)
        ready = threading.Event()
        server = Server(app, ready.set)
        thread = threading.Thread(target=server.run, args=([listener],), name="flow-emulator", daemon=True)
        with closing(app.state.store):
            thread.start()
            try:
                if not ready.wait(_START_SECONDS):
                    raise RuntimeError("The emulator did not start.")
                running = RunningEmulator(address(listener), app, identities[0])
                if profile is not None or switches:
                    running.configure(profile, **(switches or {}))
                yield running
            finally:
                server.should_exit = True
                thread.join()
