"""The emulator's memory: one SQLite file, or nothing but this process."""

from flow_emulator.store.store import CONFIGURATION, INDEXED, SORTED, Data, Entity, Store, StoreError

__all__ = ["CONFIGURATION", "INDEXED", "SORTED", "Data", "Entity", "Store", "StoreError"]
