"""An emulator that is served while a block runs, with methods to inspect and change it."""

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
    """An emulator that is served.

    Attributes:
        url: Its address, such as ``http://127.0.0.1:8421``.
        app: Its ASGI application.
        identity: The OAuth credential for clients.
    """

    url: str
    app: Starlette
    identity: Identity

    @property
    def store(self) -> Store:
        """The emulator's store."""
        store: Store = self.app.state.store
        return store

    def environment(self, sandbox: str = "prod") -> dict[str, str]:
        """Return the ``AEP_*`` variables with which the Terraform provider uses this emulator.

        Args:
            sandbox: The sandbox of ``AEP_SANDBOX_NAME``.

        Returns:
            The variables and their values.
        """
        return {
            "AEP_ENDPOINT": self.url,
            "AEP_AUTH_ENDPOINT": self.url,
            "AEP_CLIENT_ID": self.identity.client_id,
            "AEP_CLIENT_SECRET": self.identity.client_secret,
            "AEP_ORGANIZATION_ID": self.identity.organization_id,
            "AEP_SANDBOX_NAME": sandbox,
        }

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the request log, secrets masked.

        Args:
            after: Only entries whose number ``seq`` is larger.

        Returns:
            The entries, the oldest first.
        """
        with self.store.transaction() as tx:
            return tx.requests.all(after)

    @property
    def now(self) -> datetime:
        """The emulator's time."""
        engine: Engine = self.app.state.engine
        with self.store.transaction() as tx:
            return clock.read(tx, engine.real_millis).now

    def set_clock(self, moment: str | datetime | None, *, stands: bool = True) -> None:
        """Set the clock, and create the runs that are due then.

        Args:
            moment: RFC 3339 such as ``2031-01-02T00:00:00Z``, an aware datetime, or None for real time.
            stands: Whether the clock is fixed at the moment; else it runs on from there.

        Raises:
            ValueError: ``moment`` is not a time from 1970 to 4999.
        """
        self._move(lambda tx, engine: clock.write(tx, moment, runs=not stands, real=engine.real_millis))

    def advance_clock(self, step: timedelta) -> None:
        """Move the clock, and create the runs that are due then; it stays fixed or running.

        Args:
            step: How far to move it; negative moves it back.

        Raises:
            ValueError: The time would not be from 1970 to 4999.
        """
        self._move(lambda tx, engine: clock.advance(tx, step, engine.real_millis))

    def configure(self, profile: str | None = None, **switches: object) -> None:
        """Change the configuration, such as ``configure(secrets="omit")``.

        Args:
            profile: A profile, which resets all switches.
            **switches: The values of single switches.

        Raises:
            ValueError: A name or value is unknown, or the emulator was created with a fixed behaviour.
        """
        engine: Engine = self.app.state.engine
        if not engine.from_store:
            raise ValueError("This emulator was created with a fixed behaviour.")
        with self.store.transaction() as tx:
            changed = configuration.read(tx).changed(profile, configuration.as_texts(switches))
            configuration.write(tx, changed)

    def set_export_folder(self, folder: str | Path | None) -> None:
        """Set the folder to which due runs write files.

        Args:
            folder: The folder, which is created when it is missing; None: runs write no files.

        Raises:
            OSError: The folder cannot be created.
        """
        with self.store.transaction() as tx:
            run_export.set_folder(tx, folder)

    def add_rows(self, dataset: str, rows: Iterable[dict[str, Any]], at: str | datetime | None = None) -> int:
        """Add rows to a dataset, which due runs write to the export folder.

        Args:
            dataset: The id of the dataset.
            rows: The rows, each a JSON object with at least one field.
            at: The time of ingestion, by default the emulator's time.

        Returns:
            The number of rows added.

        Raises:
            RowError: A row is invalid, or ``at`` is not from 1970 to 4999.
            ValueError: ``at`` is not RFC 3339.
        """
        moment = clock.from_text(at) if isinstance(at, str) else at
        with self.store.transaction() as tx:
            engine = configuration.applied(self.app.state.engine, tx)
            now = clock.now_millis(tx, engine.real_millis)
            runs.advance(engine, tx, now)
            return batches.add_rows(tx, dataset, rows, now if moment is None else clock.to_millis(moment))

    def reset(self) -> None:
        """Delete everything but the configuration and the export folder."""
        with self.store.transaction() as tx:
            tx.reset()

    def seed(self, seed: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Create the objects of a seed, all of them or none; ``flow_emulator.seeds`` documents its form.

        Args:
            seed: The seed.

        Returns:
            The ids by collection and name.

        Raises:
            EmulatedError: The seed or a body in it is invalid.
        """
        with self.store.transaction() as tx:
            return seeds.apply_seed(configuration.applied(self.app.state.engine, tx), tx, seed)

    def snapshot(self) -> dict[str, Any]:
        """Return everything but the request log, secrets masked.

        Returns:
            A JSON document for :meth:`restore`.
        """
        with self.store.transaction() as tx:
            return snapshots.take(tx, self.app.state.engine.catalogue)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Replace everything but the request log with the contents of a snapshot.

        Args:
            snapshot: A document of :meth:`snapshot`.

        Raises:
            SnapshotError: It is not a valid snapshot; nothing is changed.
        """
        with self.store.transaction() as tx:
            engine: Engine = self.app.state.engine
            snapshots.restore(tx, snapshot, engine.catalogue, engine.real_millis)

    def add_fault(self, fault: str) -> int:
        """Set a fault.

        Args:
            fault: Operation, kind and options, such as ``"createFlow reset when=after nth=2"``.

        Returns:
            The number of the fault.

        Raises:
            ValueError: The text is not a fault.
        """
        with self.store.transaction() as tx:
            return fault_store.add(tx, rules.from_text(fault))

    def clear_faults(self) -> None:
        """Remove all faults."""
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
    allowed_hosts: Sequence[str] = (),
) -> Iterator[RunningEmulator]:
    """Serve an emulator on a loopback port while the block runs.

    Args:
        path: The emulator's file; None keeps everything in memory.
        profile: The profile to configure in the store.
        switches: Single switches to configure in the store.
        behaviour: A fixed behaviour, in place of profile and switches.
        identities: The OAuth credentials that may request a token.
        port: The port; 0 takes a free one.
        export_folder: The folder to which due runs write files; None keeps the one of the file, if any.
        allowed_hosts: Other host names than those of the loopback interface that a request may have.

    Yields:
        The running emulator.

    Raises:
        OSError: The port is in use, or the export folder cannot be created.
        StoreError: The file cannot be used.
        ValueError: A profile, switch or value is unknown, or an allowed host is not a host name.
    """
    with closing(listen(port)) as listener:
        app = create_app(path, behaviour=behaviour, identities=identities, allowed_hosts=allowed_hosts)
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
