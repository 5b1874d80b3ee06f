"""Snapshots: the contents of a store as one JSON document, and restoring them.

The request log is not part of a snapshot, as it records what happened, which restoring does not undo. Secrets
that ``secrets = echo`` keeps in clear are masked.
"""

from flow_emulator.snapshots.shapes import SnapshotError
from flow_emulator.snapshots.snapshot import restore, sign, take

__all__ = ["SnapshotError", "restore", "sign", "take"]
