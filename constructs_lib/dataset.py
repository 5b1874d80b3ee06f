"""A dataset to export."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset of the data lake, by its id and its name; Flow Service requires both."""

    id: str
    """24 hexadecimal digits, such as `5ef3e3259ad2a1191ab7dd7d`."""

    name: str
    """The dataset's name, such as `Orders`."""
