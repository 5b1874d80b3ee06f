"""Reading and setting the clock of an emulator file, for the command line and for tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flow_emulator import clock
from flow_emulator.clock import ClockReading
from flow_emulator.models import runs
from flow_emulator.models.scope import Engine
from flow_emulator.store import Store


def set_clock(path: str | Path, moment: str | datetime | None) -> ClockReading:
    """Set the clock of the emulator in ``path``, make the runs that are due then, and read it back.

    ``moment`` is RFC 3339 (``2031-01-02T00:00:00Z``) or an aware datetime; None returns to real time.
    The file is made if there is none. ValueError: not a time.
    """
    if isinstance(moment, str):
        clock.from_text(moment)
    with Store(path) as store, store.transaction() as data:
        clock.write(data, moment)
        engine = Engine()
        runs.advance(engine, data, clock.now_millis(data, engine.real_millis))
        return clock.read(data, engine.real_millis)


def read_clock(path: str | Path) -> ClockReading:
    """The clock of the emulator in ``path``; FileNotFoundError when there is no such file."""
    if not Path(path).exists():
        raise FileNotFoundError(f"There is no emulator file {path}.")
    with Store(path) as store, store.transaction() as data:
        return clock.read(data)
