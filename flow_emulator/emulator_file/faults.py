"""The faults of an emulator's file, for the command line: set, list, remove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flow_emulator.faults import fault_store
from flow_emulator.faults.fault_store import StoredFault
from flow_emulator.faults.rules import Fault, from_text, from_toml
from flow_emulator.store import Store


def read(texts: Sequence[str] = (), file: Path | None = None) -> list[Fault]:
    """Parse the faults of a TOML file and then those of texts. Raises ValueError or OSError."""
    faults = []
    if file is not None:
        try:
            faults = from_toml(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from None
    return faults + [from_text(text) for text in texts]


def add(path: str | Path, faults: Sequence[Fault]) -> list[int]:
    """Set faults in an emulator's file, which is created when it is missing, and return their numbers."""
    with Store(path) as store, store.transaction() as tx:
        return [fault_store.add(tx, fault) for fault in faults]


def replace(path: str | Path, faults: Sequence[Fault]) -> None:
    """Replace all faults of an emulator's file."""
    with Store(path) as store, store.transaction() as tx:
        fault_store.remove(tx)
        for fault in faults:
            fault_store.add(tx, fault)


def entries(path: str | Path) -> list[StoredFault]:
    """Return the faults of an emulator's file."""
    with Store(path) as store, store.transaction() as tx:
        return fault_store.entries(tx)


def remove(path: str | Path, number: int | None = None) -> int:
    """Remove one fault of an emulator's file, or all, and return how many were removed."""
    with Store(path) as store, store.transaction() as tx:
        return fault_store.remove(tx, number)
