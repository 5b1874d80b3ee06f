"""A small model of the emulator's rules: which entities there are, who may see them, and what uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from flow_emulator.identity import Identity

ACME, GLOBEX = "ACME00000000000000000000@AdobeOrg", "GLOBEX000000000000000000@AdobeOrg"
IDENTITIES: Final = (
    Identity("acme-one", "example-one", ACME),
    Identity("acme-two", "example-two", ACME),
    Identity("globex", "example-three", GLOBEX),
)
# Client and sandbox. The first two share a sandbox; each of the others is alone in its own.
CLIENTS: Final = ((0, "prod"), (1, "prod"), (1, "dev"), (2, "prod"))
# What a flow may show while it passes through a state, and where that ends.
TRANSITIONS: Final = {
    "initializing": "enabled",
    "updating": None,
    "enabling": "enabled",
    "disabling": "disabled",
}


@dataclass
class ModelEntity:
    """One entity as the model knows it.

    ``uses`` are the entities that it refers to. ``etag`` is the version that must be shown, unless it is
    ``busy``: then a transition may have ended since. ``deleting`` is set by an accepted delete, ``deleted``
    by the first 404.
    """

    collection: str
    scope: tuple[str, str]
    id: str
    destination: str
    uses: list[ModelEntity] = field(default_factory=list)
    state: str = "enabled"
    etag: str | None = None
    busy: bool = False
    deleting: bool = False
    deleted: bool = False
    shown: dict[str, Any] | None = None

    @property
    def path(self) -> str:
        """Its path below the base of the service."""
        return f"/{self.collection}/{self.id}"

    @property
    def exists(self) -> bool:
        """Whether it is there and stays."""
        return not self.deleting and not self.deleted


@dataclass
class Model:
    """Everything that was ever created."""

    entities: list[ModelEntity] = field(default_factory=list)

    def of(self, *collections: str) -> list[ModelEntity]:
        """The things of these collections, gone ones too."""
        return [entity for entity in self.entities if entity.collection in collections]

    def users(self, entity: ModelEntity) -> Iterator[ModelEntity]:
        """What refers to a thing, directly or through a target connection, and is not known to be gone."""
        for other in self.entities:
            direct = entity in other.uses
            through = other.collection == "flows" and any(entity in used.uses for used in other.uses)
            if (direct or through) and not other.deleted:
                yield other
