"""What the examination of a secret asks about a stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

UNDECLARED = object()
"""The value of a local value that a stack does not have."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output of another stack, with what that stack declares."""

    definitions: Definitions
    value: object


class Definitions(Protocol):
    """What a stack declares."""

    def variable(self, name: str) -> Mapping[str, object] | None:
        """The variable's block, or `None`."""

    def local(self, name: str) -> object:
        """The local value's expression, or `UNDECLARED`."""

    def for_each(self) -> object:
        """The collection that the resource with the secret repeats over, or `None`."""

    def output(self, state: str, name: str, /) -> Output | None:
        """The output of the stack with this remote state, or `None` for one that is not in the app."""
