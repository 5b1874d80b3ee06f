"""The places that a secret refers to, each of which is examined once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from constructs_lib.expressions.nodes import Step

Place = tuple[int, str, str | int, tuple[Step, ...], bool]
"""A part of a value of a stack, and how it is used.

The identity of the stack's definitions, the kind and the name of the value, the steps to the part, and True
if the part is the whole secret.
"""

_MOST_PLACES = 1_000
"""A secret refers to a few places: an expression that multiplies them can't be examined to its end."""
_MOST_STEPS = 50
"""The steps into one place: a local value that refers to an attribute of itself has ever more of them."""


class Places:
    """The places that were found, in the order in which they are examined."""

    def __init__(self) -> None:
        self._found: dict[Place, tuple[object, ...]] = {}
        self._waiting: list[Callable[[], None]] = []

    def add(self, place: Place, examine: Callable[[], None], *owners: object) -> bool:
        """Add a place, unless it was added before.

        Args:
            place: The place.
            examine: The function that examines its value.
            owners: The objects whose identities are in `place`. They are kept, so that no other object can
                get the same identity.

        Returns:
            False if this place is not examined, because there are too many or its path is too long.
        """
        if place in self._found:
            return True
        if len(self._found) >= _MOST_PLACES or len(place[3]) >= _MOST_STEPS:
            return False
        self._found[place] = owners
        self._waiting.append(examine)
        return True

    def waiting(self) -> Iterator[Callable[[], None]]:
        """Give the functions of the places that were added and not examined, also those added meanwhile."""
        while self._waiting:
            yield self._waiting.pop()
