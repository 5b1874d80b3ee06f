"""The emulator's store: one SQLite file, or memory."""

from flow_emulator.store.entities import INDEXED, SORTED, Entity
from flow_emulator.store.store import Store
from flow_emulator.store.store_error import StoreError
from flow_emulator.store.transaction import CONFIGURATION, Transaction

__all__ = ["CONFIGURATION", "INDEXED", "SORTED", "Entity", "Store", "StoreError", "Transaction"]
