"""Reading and moving the clock of an emulator file, for the command line and for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flow_emulator import clock
from flow_emulator.behaviour import configuration
from flow_emulator.clock import ClockReading
from flow_emulator.models.context import Engine
from flow_emulator.models.flows import runs
from flow_emulator.store import Store, Transaction


def set_clock(path: str | Path, moment: str | datetime | None, *, stands: bool = True) -> ClockReading:
    """Set the clock of the emulator in ``path``, make the runs that are due then, and read it back.

    ``moment`` is RFC 3339 (``2031-01-02T00:00:00Z``) or an aware datetime; None returns to real time. The
    clock stands there, or goes on from there. The file is made if there is none. ValueError: not a time.
    """
    if isinstance(moment, str):
        clock.from_text(moment)
    return _change(path, lambda tx, engine: clock.write(tx, moment, runs=not stands, real=engine.real_millis))


def advance_clock(path: str | Path, step: timedelta) -> ClockReading:
    """Move the clock by a step, make the runs that are due then, and read it back."""
    return _change(path, lambda tx, engine: clock.advance(tx, step, engine.real_millis))


def stop_clock(path: str | Path) -> ClockReading:
    """Let the clock stand where it is."""
    return _change(path, lambda tx, engine: clock.stop(tx, engine.real_millis))


def resume_clock(path: str | Path) -> ClockReading:
    """Let the clock run on from where it stands."""
    return _change(path, lambda tx, engine: clock.resume(tx, engine.real_millis))


def read_clock(path: str | Path) -> ClockReading:
    """The clock of the emulator in ``path``; FileNotFoundError when there is no such file."""
    if not Path(path).exists():
        raise FileNotFoundError(f"There is no emulator file {path}.")
    with Store(path) as store, store.transaction() as tx:
        return clock.read(tx)


def _change(path: str | Path, change: Callable[[Transaction, Engine], None]) -> ClockReading:
    with Store(path) as store, store.transaction() as tx:
        engine = configuration.applied(Engine(from_store=True), tx)
        change(tx, engine)
        runs.advance(engine, tx, clock.now_millis(tx, engine.real_millis))
        return clock.read(tx, engine.real_millis)
