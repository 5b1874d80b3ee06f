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
    """Set the clock of the emulator in a file, and create the runs that are due then.

    Args:
        path: The file, which is created when it is missing.
        moment: RFC 3339 such as ``2031-01-02T00:00:00Z``, or an aware datetime; None returns to real time.
        stands: Whether the clock is fixed at the moment; else it runs on from there.

    Returns:
        The reading of the clock.

    Raises:
        ValueError: ``moment`` is not a time.
    """
    if isinstance(moment, str):
        clock.from_text(moment)
    return _change(path, lambda tx, engine: clock.write(tx, moment, runs=not stands, real=engine.real_millis))


def advance_clock(path: str | Path, step: timedelta) -> ClockReading:
    """Move the clock by a step, create the runs that are due then, and return the reading."""
    return _change(path, lambda tx, engine: clock.advance(tx, step, engine.real_millis))


def stop_clock(path: str | Path) -> ClockReading:
    """Stop the clock at its present time."""
    return _change(path, lambda tx, engine: clock.stop(tx, engine.real_millis))


def resume_clock(path: str | Path) -> ClockReading:
    """Let the clock run on from its present time."""
    return _change(path, lambda tx, engine: clock.resume(tx, engine.real_millis))


def read_clock(path: str | Path) -> ClockReading:
    """Return the reading of the clock of a file. Raises FileNotFoundError when it is missing."""
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
