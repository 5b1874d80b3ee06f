"""A small model of the emulator's rules: which entities there are, who may see them, and what uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from flow_emulator.identity import Identity

ACME, GLOBEX = "ACME00000000000000000000@AdobeOrg", "GLOBEX000000000000000000@AdobeOrg"
IDENTITIES: Final = (
    Identity("acme-one", "made-up-one", ACME),
    Identity("acme-two", "made-up-two", ACME),
    Identity("globex", "made-up-three", GLOBEX),
)
# Client and sandbox. The first two share a sandbox; each of the others is alone in its own.
CLIENTS: Final = ((0, "prod"), (1, "prod"), (1, "dev"), (2, "prod"))
# What a flow may show while it passes through a state, and where that ends.
PASSING: Final = {"initializing": "enabled", "updating": None, "enabling": "enabled", "disabling": "disabled"}


@dataclass
class Thing:
    """One entity as the model knows it.

    ``uses`` are the entities that it refers to. ``etag`` is the version that must be shown, unless it is
    ``busy``: then a passing state may have ended since. ``going`` is set by an accepted delete, ``gone`` by
    the first 404.
    """

    collection: str
    scope: tuple[str, str]
    id: str
    destination: str
    uses: list[Thing] = field(default_factory=list)
    state: str = "enabled"
    etag: str | None = None
    busy: bool = False
    going: bool = False
    gone: bool = False
    shown: dict[str, Any] | None = None

    @property
    def path(self) -> str:
        """Its path below the base of the service."""
        return f"/{self.collection}/{self.id}"

    @property
    def lives(self) -> bool:
        """Whether it is there and stays."""
        return not self.going and not self.gone


@dataclass
class Model:
    """Everything that was ever created."""

    things: list[Thing] = field(default_factory=list)

    def of(self, *collections: str) -> list[Thing]:
        """The things of these collections, gone ones too."""
        return [thing for thing in self.things if thing.collection in collections]

    def users(self, thing: Thing) -> Iterator[Thing]:
        """What refers to a thing, directly or through a target connection, and is not known to be gone."""
        for other in self.things:
            direct = thing in other.uses
            through = other.collection == "flows" and any(thing in used.uses for used in other.uses)
            if (direct or through) and not other.gone:
                yield other
