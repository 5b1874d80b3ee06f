"""The error of a document that cannot be restored."""

from __future__ import annotations


class SnapshotError(ValueError):
    """The document is not a snapshot that this emulator can restore; the message has the reason."""
