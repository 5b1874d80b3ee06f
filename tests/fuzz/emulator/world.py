"""What the fuzzer knows of the emulator: its token, ids and etags it has seen, a snapshot, the faults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.unit.flow_emulator.session import MISSING

COLLECTIONS = ("connections", "sourceConnections", "targetConnections", "flows", "runs")
_KEPT = 12  # ids of each collection


@dataclass
class World:
    """The knowledge of one episode; ``faults`` are those that are set, as the emulator shows them."""

    token: str = ""
    ids: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in COLLECTIONS})
    etags: dict[str, str] = field(default_factory=dict)
    page_token: str = ""
    snapshot: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    # Whether the switch that stores and shows secrets in clear may be set.
    echo: bool = False

    def id(self, choice: random.Random, collection: str) -> str:
        """An id of the collection, seldom one of another, of none, or nonsense."""
        odd = choice.random()
        if odd < 0.03:
            return choice.choice((MISSING, "x", "%00", "%2e%2e", "a" * 3000, "%C3%A9", "%FF", "{id}"))
        if odd < 0.08:
            collection = choice.choice(COLLECTIONS)
        return choice.choice(self.ids[collection]) if self.ids[collection] else MISSING

    def learn(self, collection: str, shown: object) -> None:
        """Remember id and etag of an entity in a response."""
        if not isinstance(shown, dict) or not isinstance(shown.get("id"), str):
            return
        known = self.ids[collection]
        if shown["id"] not in known:
            known.append(shown["id"])
            del known[:-_KEPT]
        if isinstance(shown.get("etag"), str):
            self.etags[shown["id"]] = shown["etag"]

    def forget_all(self) -> None:
        """Forget ids, after a reset or a restored snapshot."""
        self.ids = {name: [] for name in COLLECTIONS}
        self.etags = {}
